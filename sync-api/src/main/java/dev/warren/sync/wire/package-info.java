// SPDX-License-Identifier: Apache-2.0
/**
 * Batches as bytes: the format of the log.
 *
 * <p>Receives batches from {@code member}, hands bytes to the log; may import {@code
 * dev.warren.sync}.
 */
@NullMarked
package dev.warren.sync.wire;

import org.jspecify.annotations.NullMarked;
