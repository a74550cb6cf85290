// SPDX-License-Identifier: Apache-2.0
/**
 * Receives the command line of {@code ./demo} and hands on a table of what was compared. May import
 * the public packages of Warren.
 */
@NullMarked
package dev.warren.examples;

import org.jspecify.annotations.NullMarked;
