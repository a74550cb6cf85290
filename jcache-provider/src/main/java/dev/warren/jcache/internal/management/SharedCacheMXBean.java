// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.management;

/** A shared cache as JMX shows it; see {@code WarrenMetrics} for the meaning of each figure. */
public interface SharedCacheMXBean {

  boolean isReady();

  long getPosition();

  long getEntries();

  long getUndecodable();
}
