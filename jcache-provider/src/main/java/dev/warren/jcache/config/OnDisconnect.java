// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.config;

/** What a shared cache does while its node cannot reach the log. */
public enum OnDisconnect {
  /** Reads go on, writes wait in the outbox. */
  SERVE,
  /** Reads go on, changes are refused. */
  READ_ONLY,
  /** Reads are refused as well. */
  FAIL
}
