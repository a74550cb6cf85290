// SPDX-License-Identifier: Apache-2.0
/**
 * Receives Micrometer's own tests, runs them on a cache of Warren. Imports Warren's public packages
 * only.
 */
@NullMarked
package dev.warren.frameworks.micrometer;

import org.jspecify.annotations.NullMarked;
