// SPDX-License-Identifier: Apache-2.0
/**
 * Receives the reports of a TCK run and hands on one line that says whether all of it passed. May
 * import only the JDK.
 */
@NullMarked
package dev.warren.tck;

import org.jspecify.annotations.NullMarked;
