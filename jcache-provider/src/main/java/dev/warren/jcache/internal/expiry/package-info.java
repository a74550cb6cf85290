// SPDX-License-Identifier: Apache-2.0
/**
 * Receives JCache's expiry policy and hands on absolute times; has caches look for what has
 * expired. May import {@code internal.copy} and what stands below it.
 */
@NullMarked
package dev.warren.jcache.internal.expiry;

import org.jspecify.annotations.NullMarked;
