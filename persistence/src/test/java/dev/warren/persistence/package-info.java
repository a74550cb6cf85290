// SPDX-License-Identifier: Apache-2.0
/**
 * Receives an embedded server and hands on the proof that loader, writer and {@code embedded:} do
 * what they say. May import {@code dev.warren.persistence}, the testkit and the embedded server.
 */
@NullMarked
package dev.warren.persistence;

import org.jspecify.annotations.NullMarked;
