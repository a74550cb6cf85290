// SPDX-License-Identifier: Apache-2.0
package dev.warren.frameworks.spring;

import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.MutableConfiguration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;

/** A Spring Boot application without a web server. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableCaching
class Application {
  @Bean
  AtomicInteger calls() {
    return new AtomicInteger();
  }

  @Bean
  Shelf shelf(AtomicInteger calls) {
    return new Shelf(calls);
  }

  @Bean
  StandardShelf standardShelf(AtomicInteger calls) {
    return new StandardShelf(calls);
  }

  /** What Spring Boot creates the caches of {@code spring.cache.cache-names} with. */
  @Bean
  Configuration<Object, Object> cacheConfiguration() {
    return new MutableConfiguration<>().setStatisticsEnabled(true);
  }
}
