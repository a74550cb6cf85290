// SPDX-License-Identifier: Apache-2.0
/**
 * Receives the TCK and a broker, and hands on whether all of it passes beside other members, and
 * whether those end equal. May import the provider's public packages and sync-testkit.
 */
@NullMarked
package dev.warren.tckpeers;

import org.jspecify.annotations.NullMarked;
