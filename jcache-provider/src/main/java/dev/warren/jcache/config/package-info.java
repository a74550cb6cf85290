// SPDX-License-Identifier: Apache-2.0
/**
 * Receives URI, properties and environment and hands on checked settings. May import {@code api}
 * and sync-api only.
 */
@NullMarked
package dev.warren.jcache.config;

import org.jspecify.annotations.NullMarked;
