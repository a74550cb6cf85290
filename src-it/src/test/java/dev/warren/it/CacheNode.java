// SPDX-License-Identifier: Apache-2.0
package dev.warren.it;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;

/**
 * A JVM with one replicated cache, opened as an application would. With arguments {@code <log>
 * <cluster>}; says {@code open}, then obeys {@code put <key> <value>} and {@code get <key>},
 * answering {@code done} and {@code is <value or null>}. {@code main} returns with its input and
 * closes nothing.
 */
final class CacheNode {

  private CacheNode() {}

  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Properties settings = new Properties();
    settings.setProperty("warren.log", args[0]);
    settings.setProperty("warren.cluster", args[1]);
    CachingProvider provider = Caching.getCachingProvider();
    CacheManager manager =
        provider.getCacheManager(
            provider.getDefaultURI(), CacheNode.class.getClassLoader(), settings);
    Cache<String, String> cache =
        manager.createCache(
            "c", new MutableConfiguration<String, String>().setTypes(String.class, String.class));
    out.println("open");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line;
    while ((line = in.readLine()) != null) {
      String[] words = line.split(" ", 3);
      if (words[0].equals("put")) {
        cache.put(words[1], words[2]);
        out.println("done");
      } else {
        out.println("is " + cache.get(words[1]));
      }
    }
  }
}
