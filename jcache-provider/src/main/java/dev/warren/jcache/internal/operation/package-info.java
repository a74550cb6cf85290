// SPDX-License-Identifier: Apache-2.0
/**
 * Receives checked calls, carries them out under the key's lock, or in one step of the store, and
 * hands on events and figures through the ports declared here. May import {@code
 * internal.integration} and what stands below it.
 */
@NullMarked
package dev.warren.jcache.internal.operation;

import org.jspecify.annotations.NullMarked;
