// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.management;

import dev.warren.jcache.api.WarrenHealth;
import dev.warren.jcache.api.WarrenMetrics;
import java.util.HashMap;
import java.util.Map;

/**
 * Warren's own MXBeans of a manager with a log: {@code dev.warren:type=Cache,…} for each shared
 * cache whose management is enabled, and {@code dev.warren:type=Member,…} as long as there is one.
 * Its monitor guards {@code caches}.
 */
public final class NodeBeans {

  private final String managerUri;
  private final WarrenMetrics metrics;
  private final CacheBeans.Bean member;
  private final Map<String, CacheBeans.Bean> caches = new HashMap<>();

  public NodeBeans(String managerUri, WarrenMetrics metrics, WarrenHealth health) {
    this.managerUri = managerUri;
    this.metrics = metrics;
    this.member =
        new CacheBeans.Bean(
            CacheBeans.name("dev.warren:type=Member,CacheManager=", managerUri),
            new MemberBean(metrics, health));
  }

  /** Shows the cache, and the member, or no longer. */
  synchronized void enable(String cache, boolean enable) {
    if (enable) {
      caches.computeIfAbsent(cache, this::bean).enable(true);
    } else {
      CacheBeans.Bean shown = caches.remove(cache);
      if (shown != null) {
        shown.enable(false);
      }
    }
    member.enable(!caches.isEmpty());
  }

  private CacheBeans.Bean bean(String cache) {
    return new CacheBeans.Bean(
        CacheBeans.name("dev.warren:type=Cache,CacheManager=", managerUri, ",Cache=", cache),
        new SharedCacheBean(() -> metrics.cacheMetrics(cache)));
  }
}
