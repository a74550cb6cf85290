// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.local;

import java.io.Serializable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.TouchedExpiryPolicy;

/** What the cache does besides keeping entries. */
public enum Variant {
  PLAIN {
    @Override
    void apply(MutableConfiguration<Long, Object> configuration) {}
  },
  LISTENER {
    @Override
    void apply(MutableConfiguration<Long, Object> configuration) {
      configuration.addCacheEntryListenerConfiguration(
          new MutableCacheEntryListenerConfiguration<>(
              FactoryBuilder.factoryOf(new Counting()), null, false, false));
    }
  },
  STATISTICS {
    @Override
    void apply(MutableConfiguration<Long, Object> configuration) {
      configuration.setStatisticsEnabled(true);
    }
  },
  CREATED {
    @Override
    void apply(MutableConfiguration<Long, Object> configuration) {
      configuration.setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(LONG));
    }
  },
  TOUCHED {
    @Override
    void apply(MutableConfiguration<Long, Object> configuration) {
      configuration.setExpiryPolicyFactory(TouchedExpiryPolicy.factoryOf(LONG));
    }
  };

  private static final Duration LONG = new Duration(TimeUnit.HOURS, 1);

  abstract void apply(MutableConfiguration<Long, Object> configuration);

  private static final class Counting
      implements CacheEntryCreatedListener<Long, Object>,
          CacheEntryUpdatedListener<Long, Object>,
          Serializable {
    private static final long serialVersionUID = 1L;
    private static final LongAdder SEEN = new LongAdder();

    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends Long, ?>> events) {
      events.forEach(event -> SEEN.increment());
    }

    @Override
    public void onUpdated(Iterable<CacheEntryEvent<? extends Long, ?>> events) {
      events.forEach(event -> SEEN.increment());
    }
  }
}
