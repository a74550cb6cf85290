// SPDX-License-Identifier: Apache-2.0
/**
 * Receives entities and queries of Hibernate ORM, checks what it keeps in Warren. Imports Warren's
 * public packages only.
 */
@NullMarked
package dev.warren.frameworks.hibernate;

import org.jspecify.annotations.NullMarked;
