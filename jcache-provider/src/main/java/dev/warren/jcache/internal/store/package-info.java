// SPDX-License-Identifier: Apache-2.0
/**
 * The memory of one cache: entries by key, and the locks of its keys.
 *
 * <p>Receives changes from operations; may import {@code internal.expiry}, {@code internal.copy}
 * and the public packages.
 */
@NullMarked
package dev.warren.jcache.internal.store;

import org.jspecify.annotations.NullMarked;
