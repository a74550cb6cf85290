// SPDX-License-Identifier: Apache-2.0
/**
 * Keys and values as bytes.
 *
 * <p>Hands bytes to the wire and the database; may import nothing else of Warren.
 */
@NullMarked
package dev.warren.sync.codec;

import org.jspecify.annotations.NullMarked;
