// SPDX-License-Identifier: Apache-2.0
/**
 * Receives a local cache; hands on what two threads saw of one entry, of which JCStress counts each
 * kind. May import JCache, the provider and JCStress.
 */
@NullMarked
package dev.warren.concurrency.jcstress;

import org.jspecify.annotations.NullMarked;
