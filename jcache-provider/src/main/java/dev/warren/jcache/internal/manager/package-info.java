// SPDX-License-Identifier: Apache-2.0
/**
 * Receives URIs, names and configurations and hands on wired caches. May import {@code
 * internal.cache} and what stands below it.
 */
@NullMarked
package dev.warren.jcache.internal.manager;

import org.jspecify.annotations.NullMarked;
