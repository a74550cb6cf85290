// SPDX-License-Identifier: Apache-2.0
/**
 * Keeps the copy in the database.
 *
 * <p>Receives applied events, hands rounds to the snapshot store; may import {@code replica},
 * {@code member} and {@code dev.warren.sync}.
 */
@NullMarked
package dev.warren.sync.projector;

import org.jspecify.annotations.NullMarked;
