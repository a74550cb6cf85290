// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.report;

/** One step in the table. */
public record Row(String step, String what, String figure, Outcome outcome) {}
