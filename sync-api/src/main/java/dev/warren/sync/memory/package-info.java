// SPDX-License-Identifier: Apache-2.0
/**
 * A log and peer channel within one JVM, for tests and several managers in one process.
 *
 * <p>May import {@code dev.warren.sync}.
 */
@NullMarked
package dev.warren.sync.memory;

import org.jspecify.annotations.NullMarked;
