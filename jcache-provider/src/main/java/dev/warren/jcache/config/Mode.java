// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.config;

/** What a write to a cache means for other nodes. */
public enum Mode {
  /** It stays on this node. */
  LOCAL,
  /** Its value goes to every node. */
  REPLICATED,
  /** Its key goes to every node, which drop what they loaded or put. */
  INVALIDATION
}
