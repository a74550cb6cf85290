// SPDX-License-Identifier: Apache-2.0
/** What the tests of all frameworks share. Imports JUnit, AssertJ and Logback. */
@NullMarked
package dev.warren.frameworks;

import org.jspecify.annotations.NullMarked;
