// SPDX-License-Identifier: Apache-2.0
package dev.warren.tckpeers;

import dev.warren.jcache.api.WarrenCache;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.jar.JarFile;
import javax.cache.Cache;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import org.jsr107.tck.PutTest;
import org.junit.runner.JUnitCore;
import org.junit.runner.notification.Failure;
import org.junit.runner.notification.RunListener;

/**
 * Runs the whole TCK, or the classes that the arguments name, with the settings of the system
 * properties; says {@code failed NAME} for each test that does, then {@code count RUN FAILED
 * IGNORED}. At last it puts {@link #LEFT} entries into a cache of that name and says {@code left}
 * when they stand in the log.
 */
final class TckMain {
  static final int LEFT = 1_000;

  private TckMain() {}

  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err); // the TCK says much
    JUnitCore junit = new JUnitCore();
    junit.addListener(
        new Emptier(System.getProperty("warren.log"), System.getProperty("warren.cluster")));
    junit.addListener(
        new RunListener() {
          @Override
          public void testFailure(Failure failure) {
            out.println("failed " + failure.getTestHeader());
            System.err.println(failure.getTrace());
          }
        });
    var result = junit.run(arguments.length > 0 ? named(arguments) : testsOfTheTck());
    out.println(
        "count %d %d %d"
            .formatted(result.getRunCount(), result.getFailureCount(), result.getIgnoreCount()));
    Cache<Integer, String> left =
        Caching.getCachingProvider()
            .getCacheManager()
            .createCache(
                "left",
                new MutableConfiguration<Integer, String>().setTypes(Integer.class, String.class));
    WarrenCache<?, ?> node = left.unwrap(WarrenCache.class);
    node.awaitReady(PeerMain.PATIENCE);
    for (int i = 0; i < LEFT; i++) {
      left.put(i, "v" + i);
    }
    node.barrier(Duration.ofSeconds(30));
    out.println("left");
    System.exit(0);
  }

  private static Class<?>[] named(String[] classes) {
    return Arrays.stream(classes).map(TckMain::load).toArray(Class<?>[]::new);
  }

  /** As {@code tck-runner} has Surefire find them. */
  private static Class<?>[] testsOfTheTck() throws IOException, URISyntaxException {
    Path jar = Path.of(PutTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.endsWith("Test.class") && !name.contains("/annotation/"))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .sorted()
          .map(TckMain::load)
          .toArray(Class<?>[]::new);
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
