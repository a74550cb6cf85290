// SPDX-License-Identifier: Apache-2.0
/**
 * Receives the class paths of JCache providers and hands on a comparison of them. May import the
 * JCache API and JMH only: a provider is found on its class path.
 */
@NullMarked
package dev.warren.bench.local;

import org.jspecify.annotations.NullMarked;
