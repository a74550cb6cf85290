// SPDX-License-Identifier: Apache-2.0
/**
 * Receives rounds and entries and hands them on to MongoDB; gives them back. May import {@code
 * dev.warren.sync} and the MongoDB driver, but not the public package above.
 */
@NullMarked
package dev.warren.persistence.internal;

import org.jspecify.annotations.NullMarked;
