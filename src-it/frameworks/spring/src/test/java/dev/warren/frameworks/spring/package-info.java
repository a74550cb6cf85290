// SPDX-License-Identifier: Apache-2.0
/**
 * Receives Spring Boot applications, checks what their annotations keep in Warren. Imports Warren's
 * public packages only.
 */
@NullMarked
package dev.warren.frameworks.spring;

import org.jspecify.annotations.NullMarked;
