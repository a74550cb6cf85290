// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.management;

/**
 * A node of a cluster as JMX shows it; see {@code WarrenMetrics} for the meaning of each figure.
 */
public interface MemberMXBean {

  String getState();

  String getReason();

  String getOrigin();

  String getEpoch();

  long getPosition();

  long getAppliedEvents();

  long getLagEvents();

  long getLagMillis();

  long getDuplicateEvents();

  long getBeyondNextEvents();

  long getOtherEpochEvents();

  long getRefusedRecords();

  long getResynchronisations();

  String getLastResynchronisationCause();

  long getLastResynchronisationMillis();

  int getOutboxEvents();

  long getOutboxBytes();
}
