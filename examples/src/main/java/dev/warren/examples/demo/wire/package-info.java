// SPDX-License-Identifier: Apache-2.0
/**
 * Receives commands and answers and hands them on as lines of text between launcher and nodes. May
 * import only the JDK.
 */
@NullMarked
package dev.warren.examples.demo.wire;

import org.jspecify.annotations.NullMarked;
