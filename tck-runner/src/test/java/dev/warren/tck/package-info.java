// SPDX-License-Identifier: Apache-2.0
/**
 * Receives the reports of a TCK run and hands on one line that says whether it went as listed. May
 * import only the JDK.
 */
@NullMarked
package dev.warren.tck;

import org.jspecify.annotations.NullMarked;
