// SPDX-License-Identifier: Apache-2.0
/**
 * Receives what {@code javax.cache.Caching} asks for and hands on cache managers. May import every
 * package of this module; none may import this one.
 */
@NullMarked
package dev.warren.jcache;

import org.jspecify.annotations.NullMarked;
