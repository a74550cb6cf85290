// SPDX-License-Identifier: Apache-2.0
package dev.warren.it;

import dev.warren.jcache.api.WarrenCache;
import java.time.Duration;
import java.util.Properties;
import javax.cache.Cache;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;

/** The code in the README; {@link ReadmeExampleIT} runs it. */
final class ReadmeExample {
  private ReadmeExample() {}

  public static void main(String[] args) {
    String log = args[0];
    String name = args[1];
    // begin of the document's text
    Properties settings = new Properties();
    settings.setProperty("warren.log", log); // such as "amqp://guest:guest@localhost:5672"
    try (var manager = Caching.getCachingProvider().getCacheManager(null, null, settings)) {
      var types = new MutableConfiguration<String, String>().setTypes(String.class, String.class);
      Cache<String, String> cache = manager.createCache("greetings", types);
      cache.unwrap(WarrenCache.class).awaitReady(Duration.ofSeconds(30)); // has what others have
      cache.put(name, "hello"); // every other JVM now gets it from its own heap
      cache.forEach(entry -> System.out.println(entry.getKey() + ": " + entry.getValue()));
    }
    // end of it
  }
}
