// SPDX-License-Identifier: Apache-2.0
/**
 * Receives changes of entries and hands them to the user's listeners in order. May import {@code
 * internal.operation} and what stands below it, not its siblings.
 */
@NullMarked
package dev.warren.jcache.internal.event;

import org.jspecify.annotations.NullMarked;
