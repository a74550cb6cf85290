// SPDX-License-Identifier: Apache-2.0
/**
 * Receives servers, embedded and real, and hands on the proof that the store keeps its contract.
 * May import {@code dev.warren.persistence}, the testkit and the embedded server.
 */
@NullMarked
package dev.warren.persistence.internal;

import org.jspecify.annotations.NullMarked;
