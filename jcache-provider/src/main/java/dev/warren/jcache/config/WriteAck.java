// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.config;

/** When a write to a shared cache returns. */
public enum WriteAck {
  /** As soon as it is applied on this node; it is sent in the background. */
  LOCAL,
  /** When this node has read it back from the log and applied it. */
  LOG,
  /** When every member of the cluster has applied it. */
  ALL
}
