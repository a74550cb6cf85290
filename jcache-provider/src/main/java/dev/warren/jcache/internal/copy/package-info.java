// SPDX-License-Identifier: Apache-2.0
/**
 * Receives keys and values and hands on private copies. May import {@code jcache.api} and {@code
 * jcache.config}.
 */
@NullMarked
package dev.warren.jcache.internal.copy;

import org.jspecify.annotations.NullMarked;
