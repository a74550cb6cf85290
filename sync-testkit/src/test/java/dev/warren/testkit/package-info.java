// SPDX-License-Identifier: Apache-2.0
/**
 * Receives the fakes of the testkit and hands on the proof that they keep the contracts. May import
 * {@code dev.warren.testkit} and the test libraries.
 */
@NullMarked
package dev.warren.testkit;

import org.jspecify.annotations.NullMarked;
