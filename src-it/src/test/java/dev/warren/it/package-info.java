// SPDX-License-Identifier: Apache-2.0
/**
 * Receives the built modules and hands on the proof that they work as processes. May import
 * everything; nothing imports it.
 */
@NullMarked
package dev.warren.it;

import org.jspecify.annotations.NullMarked;
