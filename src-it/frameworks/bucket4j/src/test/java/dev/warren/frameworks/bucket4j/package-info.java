// SPDX-License-Identifier: Apache-2.0
/**
 * Receives Bucket4j's own tests, runs them on a cache of Warren. Imports Warren's public packages
 * only.
 */
@NullMarked
package dev.warren.frameworks.bucket4j;

import org.jspecify.annotations.NullMarked;
