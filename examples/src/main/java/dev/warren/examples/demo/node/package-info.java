// SPDX-License-Identifier: Apache-2.0
/**
 * Receives commands on standard input, carries them out on the caches of this JVM and answers on
 * standard output. May import {@code data}, {@code wire} and the public packages of Warren.
 */
@NullMarked
package dev.warren.examples.demo.node;

import org.jspecify.annotations.NullMarked;
