// SPDX-License-Identifier: Apache-2.0
/**
 * Receives keys and entries and hands them to the user's loader and writer, whose failures it
 * wraps. May import {@code internal.store} and what stands below it.
 */
@NullMarked
package dev.warren.jcache.internal.integration;

import org.jspecify.annotations.NullMarked;
