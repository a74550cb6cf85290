// SPDX-License-Identifier: Apache-2.0
/**
 * What Warren offers beyond JCache, reached by {@code unwrap}.
 *
 * <p>May import nothing of Warren.
 */
@NullMarked
package dev.warren.jcache.api;

import org.jspecify.annotations.NullMarked;
