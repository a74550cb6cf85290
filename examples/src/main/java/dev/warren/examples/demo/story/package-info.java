// SPDX-License-Identifier: Apache-2.0
/**
 * Receives a cluster whose nodes, broker and database can be started and killed, and hands on what
 * it saw, one row a step. May import {@code data}, {@code wire} and {@code report}.
 */
@NullMarked
package dev.warren.examples.demo.story;

import org.jspecify.annotations.NullMarked;
