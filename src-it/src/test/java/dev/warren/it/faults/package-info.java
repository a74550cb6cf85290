// SPDX-License-Identifier: Apache-2.0
/**
 * Receives brokers, databases and processes that misbehave and hands on the proof that nodes say so
 * and get over it, seen through the JCache API. May import what a user may, and the test kit.
 */
@NullMarked
package dev.warren.it.faults;

import org.jspecify.annotations.NullMarked;
