// SPDX-License-Identifier: Apache-2.0
/**
 * Receives the choice of a broker and a database and hands them on as processes of this run. May
 * import only the JDK, the clients of both and {@code dev.warren.embedded}.
 */
@NullMarked
package dev.warren.examples.demo.parts;

import org.jspecify.annotations.NullMarked;
