// SPDX-License-Identifier: Apache-2.0
/**
 * Receives a broker and the class paths of providers and hands on a comparison of their clusters.
 * May import what a user of Warren may, the log's positions, the broker's client, and the test kit,
 * which starts the broker.
 */
@NullMarked
package dev.warren.bench.dist;

import org.jspecify.annotations.NullMarked;
