// SPDX-License-Identifier: Apache-2.0
/**
 * Receives the embedded servers and hands on the proof that they do what they say. May import
 * {@code dev.warren.embedded} and the clients of broker and database.
 */
@NullMarked
package dev.warren.embedded;

import org.jspecify.annotations.NullMarked;
