// SPDX-License-Identifier: Apache-2.0
/**
 * Receives the options of {@code ./demo}, tells the story step by step and hands on a table of what
 * was compared. May import every package below it.
 */
@NullMarked
package dev.warren.examples.demo;

import org.jspecify.annotations.NullMarked;
