// SPDX-License-Identifier: Apache-2.0
/**
 * Receives the user's calls, checks and copies, and hands them to the operations. May import {@code
 * internal.event}, {@code internal.management} and what stands below them.
 */
@NullMarked
package dev.warren.jcache.internal.cache;

import org.jspecify.annotations.NullMarked;
