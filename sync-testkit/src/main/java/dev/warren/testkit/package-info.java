// SPDX-License-Identifier: Apache-2.0
/**
 * Receives implementations of the SPIs and hands on the proof that they keep the contract. May
 * import {@code dev.warren.sync}, JUnit, AssertJ and Awaitility.
 */
@NullMarked
package dev.warren.testkit;

import org.jspecify.annotations.NullMarked;
