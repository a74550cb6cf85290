// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import dev.warren.jcache.api.WarrenCache;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;

/**
 * A node in a process of its own: opens a manager with the settings of its arguments ({@code
 * key=value}), says {@code ready}, and does what its standard input says, a line for each request:
 *
 * <pre>
 * get KEY         answer VALUE or null
 * put KEY=VALUE   answer done
 * fill N          puts N entries, k0=0 and so on: answer done
 * keys            answer [KEY, ...]
 * undecodable     answer NUMBER
 * end N           as fill N, and closes the manager at once: answer closed
 * return          main returns
 * </pre>
 */
final class NodeMain {
  private NodeMain() {}

  static String[] arguments(Properties settings) {
    return settings.stringPropertyNames().stream()
        .map(key -> key + "=" + settings.getProperty(key))
        .toArray(String[]::new);
  }

  public static void main(String[] arguments) throws IOException {
    Properties settings = new Properties();
    for (String argument : arguments) {
      int sign = argument.indexOf('=');
      settings.setProperty(argument.substring(0, sign), argument.substring(sign + 1));
    }
    CachingProvider provider = Caching.getCachingProvider();
    CacheManager manager =
        provider.getCacheManager(
            provider.getDefaultURI(), provider.getDefaultClassLoader(), settings);
    Cache<String, Object> cache =
        manager.createCache(
            "c", new MutableConfiguration<String, Object>().setTypes(String.class, Object.class));
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    cache.unwrap(WarrenCache.class).awaitReady(Nodes.PATIENCE);
    out.println("ready");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.equals("return")) {
        return;
      }
      out.println("answer " + answer(manager, cache, line));
    }
  }

  private static Object answer(CacheManager manager, Cache<String, Object> cache, String line) {
    int space = line.indexOf(' ');
    String rest = line.substring(space + 1);
    switch (space < 0 ? line : line.substring(0, space)) {
      case "get" -> {
        return String.valueOf(cache.get(rest));
      }
      case "put" -> {
        int sign = rest.indexOf('=');
        cache.put(rest.substring(0, sign), rest.substring(sign + 1));
        return "done";
      }
      case "fill" -> {
        fill(cache, Integer.parseInt(rest));
        return "done";
      }
      case "keys" -> {
        List<String> keys = new ArrayList<>();
        cache.forEach(entry -> keys.add(entry.getKey()));
        return keys;
      }
      case "undecodable" -> {
        return cache.unwrap(WarrenCache.class).undecodable();
      }
      case "end" -> {
        fill(cache, Integer.parseInt(rest));
        manager.close();
        return "closed";
      }
      default -> throw new IllegalArgumentException(line);
    }
  }

  private static void fill(Cache<String, Object> cache, int entries) {
    for (int i = 0; i < entries; i++) {
      cache.put("k" + i, i);
    }
  }
}
