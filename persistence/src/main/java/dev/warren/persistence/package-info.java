// SPDX-License-Identifier: Apache-2.0
/**
 * Receives the log state and hands it on to MongoDB; gives it back to a starting node. Loads and
 * writes entries for any cache. May import {@code dev.warren.sync}, {@code javax.cache} and the
 * MongoDB driver.
 */
@NullMarked
package dev.warren.persistence;

import org.jspecify.annotations.NullMarked;
