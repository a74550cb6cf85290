// SPDX-License-Identifier: Apache-2.0
/**
 * Receives a local cache; hands on a verdict: whether what threads saw of it could have been seen
 * one operation after the other. May import JCache, the provider, Lincheck and JUnit.
 */
@NullMarked
package dev.warren.concurrency;

import org.jspecify.annotations.NullMarked;
