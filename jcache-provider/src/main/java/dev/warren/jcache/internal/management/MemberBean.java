// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.management;

import dev.warren.jcache.api.WarrenHealth;
import dev.warren.jcache.api.WarrenMetrics;

/** The figures of a manager's node for JMX. */
record MemberBean(WarrenMetrics metrics, WarrenHealth health) implements MemberMXBean {

  @Override
  public String getState() {
    return health.state().name();
  }

  @Override
  public String getReason() {
    return health.reason();
  }

  @Override
  public String getOrigin() {
    return metrics.memberMetrics().origin();
  }

  @Override
  public String getEpoch() {
    return metrics.memberMetrics().epoch();
  }

  @Override
  public long getPosition() {
    return metrics.memberMetrics().position();
  }

  @Override
  public long getAppliedEvents() {
    return metrics.memberMetrics().appliedEvents();
  }

  @Override
  public long getLagEvents() {
    return metrics.memberMetrics().lagEvents();
  }

  @Override
  public long getLagMillis() {
    return metrics.memberMetrics().lagMillis();
  }

  @Override
  public long getDuplicateEvents() {
    return metrics.memberMetrics().duplicateEvents();
  }

  @Override
  public long getBeyondNextEvents() {
    return metrics.memberMetrics().beyondNextEvents();
  }

  @Override
  public long getOtherEpochEvents() {
    return metrics.memberMetrics().otherEpochEvents();
  }

  @Override
  public long getRefusedRecords() {
    return metrics.memberMetrics().refusedRecords();
  }

  @Override
  public long getResynchronisations() {
    return metrics.memberMetrics().resynchronisations();
  }

  @Override
  public String getLastResynchronisationCause() {
    return metrics.memberMetrics().lastCause();
  }

  @Override
  public int getOutboxEvents() {
    return metrics.memberMetrics().outboxEvents();
  }

  @Override
  public long getOutboxBytes() {
    return metrics.memberMetrics().outboxBytes();
  }

  @Override
  public long getLastResynchronisationMillis() {
    return metrics.memberMetrics().lastTook().toMillis();
  }
}
