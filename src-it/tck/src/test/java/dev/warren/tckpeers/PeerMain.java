// SPDX-License-Identifier: Apache-2.0
package dev.warren.tckpeers;

import dev.warren.jcache.api.Digest;
import dev.warren.jcache.api.WarrenCache;
import dev.warren.jcache.api.WarrenMetrics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;

/**
 * A member that lives beside the TCK, with the settings of the system properties; says {@code
 * ready}, and answers each line of its input with {@code state APPLIED RESYNCHRONISATIONS DIGEST}.
 */
final class PeerMain {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private PeerMain() {}

  public static void main(String[] arguments) throws IOException {
    CacheManager manager = Caching.getCachingProvider().getCacheManager();
    WarrenCache<?, ?> left =
        manager
            .createCache(
                "left",
                new MutableConfiguration<Integer, String>().setTypes(Integer.class, String.class))
            .unwrap(WarrenCache.class);
    left.awaitReady(PATIENCE);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    out.println("ready");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (in.readLine() != null) {
      WarrenMetrics.MemberMetrics member = manager.unwrap(WarrenMetrics.class).memberMetrics();
      Digest digest = left.digest(PATIENCE);
      out.println(
          "state %d %d %s".formatted(member.appliedEvents(), member.resynchronisations(), digest));
    }
    manager.close();
  }
}
