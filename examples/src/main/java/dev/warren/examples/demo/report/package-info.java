// SPDX-License-Identifier: Apache-2.0
/**
 * Receives progress and outcomes and hands them on as plain sentences and a table. May import only
 * the JDK.
 */
@NullMarked
package dev.warren.examples.demo.report;

import org.jspecify.annotations.NullMarked;
