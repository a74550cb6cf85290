// SPDX-License-Identifier: Apache-2.0
/**
 * Receives an entry; hands on what two threads did to it. May import the store, whose package this
 * is, and JCStress.
 */
@NullMarked
package dev.warren.jcache.internal.store;

import org.jspecify.annotations.NullMarked;
