// SPDX-License-Identifier: Apache-2.0
/**
 * Receives a seed and hands on clusters of real members on virtual time, over a broker whose faults
 * the test commands. May import {@code dev.warren.sync} and its packages.
 */
@NullMarked
package dev.warren.testkit.simulation;

import org.jspecify.annotations.NullMarked;
