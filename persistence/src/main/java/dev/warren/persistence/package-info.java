// SPDX-License-Identifier: Apache-2.0
/**
 * Receives the log in order and hands its state on to MongoDB; gives it back to a starting node.
 * May import {@code dev.warren.sync}, {@code javax.cache} and the MongoDB driver.
 */
@NullMarked
package dev.warren.persistence;

import org.jspecify.annotations.NullMarked;
