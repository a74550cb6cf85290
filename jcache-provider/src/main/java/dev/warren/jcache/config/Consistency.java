// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.config;

/** When a write returns. */
public enum Consistency {
  /** After it is applied here; all nodes converge to the log's order. */
  EVENTUAL,
  /** After it is applied at its place in the log. Not available yet. */
  STRONG
}
