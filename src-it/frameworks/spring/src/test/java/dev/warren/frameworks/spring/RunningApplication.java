// SPDX-License-Identifier: Apache-2.0
package dev.warren.frameworks.spring;

import static java.util.Objects.requireNonNull;

import dev.warren.jcache.WarrenCachingProvider;
import dev.warren.jcache.api.WarrenCache;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.jcache.JCacheCacheManager;
import org.springframework.context.ConfigurableApplicationContext;

/** The application, started, and what the tests ask of it. */
record RunningApplication(ConfigurableApplicationContext context) implements AutoCloseable {
  static RunningApplication start() {
    return start("classpath:spring-caches.conf");
  }

  static RunningApplication start(String settings) {
    return new RunningApplication(
        new SpringApplicationBuilder(Application.class)
            .web(WebApplicationType.NONE)
            .properties(
                "spring.main.banner-mode=off",
                "spring.cache.type=jcache",
                "spring.cache.jcache.provider=" + WarrenCachingProvider.class.getName(),
                "spring.cache.jcache.config=" + settings,
                "spring.cache.cache-names=books,missing,pages,standard,failures")
            .run());
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  int calls() {
    return bean(AtomicInteger.class).get();
  }

  JCacheCacheManager manager() {
    return bean(JCacheCacheManager.class);
  }

  Cache<Object, Object> cache(String name) {
    return requireNonNull(requireNonNull(manager().getCacheManager()).getCache(name));
  }

  long size(String name) {
    return cache(name).unwrap(WarrenCache.class).size();
  }

  @Override
  public void close() {
    context.close();
  }
}
