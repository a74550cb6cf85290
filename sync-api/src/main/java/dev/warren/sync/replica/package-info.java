// SPDX-License-Identifier: Apache-2.0
/**
 * The apply rules: what the log means. Pure and deterministic, without I/O, threads or clocks.
 *
 * <p>Receives batches in log order, hands on what each event did; may import {@code
 * dev.warren.sync}.
 */
@NullMarked
package dev.warren.sync.replica;

import org.jspecify.annotations.NullMarked;
