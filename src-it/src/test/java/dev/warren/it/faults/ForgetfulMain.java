// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import static org.awaitility.Awaitility.await;

import dev.warren.jcache.api.WarrenHealth;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;

/** Opens a node, puts, says {@code degraded REASON} when it is, and closes nothing. */
final class ForgetfulMain {
  private ForgetfulMain() {}

  public static void main(String[] arguments) {
    Properties settings = new Properties();
    for (String argument : arguments) {
      int sign = argument.indexOf('=');
      settings.setProperty(argument.substring(0, sign), argument.substring(sign + 1));
    }
    CachingProvider provider = Caching.getCachingProvider();
    CacheManager manager =
        provider.getCacheManager(
            provider.getDefaultURI(), provider.getDefaultClassLoader(), settings);
    Cache<String, String> cache = manager.createCache("c", new MutableConfiguration<>());
    cache.put("k", "v");
    WarrenHealth health = manager.unwrap(WarrenHealth.class);
    await().atMost(Nodes.PATIENCE).until(() -> health.state() == WarrenHealth.State.DEGRADED);
    new PrintStream(System.out, true, StandardCharsets.UTF_8)
        .println("degraded " + health.reason());
  }
}
