// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import dev.warren.jcache.api.Digest;
import dev.warren.jcache.api.WarrenCache;
import dev.warren.jcache.api.WarrenHealth;
import dev.warren.jcache.api.WarrenMetrics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;

/**
 * A node in a process of its own that writes without pause and records what was acknowledged to it.
 * Arguments: a folder, its name, the rest {@code key=value} as {@link NodeMain}'s. Says {@code
 * ready}, and obeys:
 *
 * <pre>
 * go             begins to write, or goes on: answer going
 * halt           stops writing: answer halted
 * barrier        answer done
 * digest CACHE   answer EPOCH POSITION ENTRIES HASH
 * state          answer STATE, and how many members it sees ready
 * position       answer POSITION
 * source         answer whence its memory came
 * resyncs        answer NUMBER LAST-CAUSE
 * end            closes its manager and returns: answer closed
 * </pre>
 *
 * <p>Thread t of writer w takes steps 0, 1, …: it puts {@code w.t.STEP}; each fourth step removes
 * the key of the step before; each eighth puts a key that all writers share. A step that returned
 * is recorded as a line {@code a STEP} in the file {@code w.t}, one that threw as {@code f STEP}.
 * What is written to a file survives the death of its process. Another thread puts into the cache
 * {@code burst}, which acknowledges nothing, and clears it now and then.
 */
final class WriterMain {
  static final int THREADS = 2;
  static final String BURST = "burst";
  static final String SHARED = "shared";

  private static final int SHARED_KEYS = 16;
  private static final int BURST_KEYS = 500;
  private static final int ROUNDS_A_CLEAR = 100;

  private final Path folder;
  private final String name;
  private final CacheManager manager;
  private final Cache<String, Object> cache;
  private final Cache<String, Object> burst;
  private final List<Thread> threads = new ArrayList<>();
  private final int[] nextStep = new int[THREADS];
  private volatile boolean halted;

  private WriterMain(Path folder, String name, CacheManager manager) {
    this.folder = folder;
    this.name = name;
    this.manager = manager;
    this.cache = cache(manager, "c");
    this.burst = cache(manager, BURST);
  }

  static Cache<String, Object> cache(CacheManager manager, String name) {
    return manager.createCache(
        name, new MutableConfiguration<String, Object>().setTypes(String.class, Object.class));
  }

  /** Step {@code removes(step)} removes the key of {@code step - 1}. */
  static boolean removes(int step) {
    return step % 4 == 3;
  }

  public static void main(String[] arguments) throws Exception {
    Properties settings = new Properties();
    for (String argument : Arrays.asList(arguments).subList(2, arguments.length)) {
      int sign = argument.indexOf('=');
      settings.setProperty(argument.substring(0, sign), argument.substring(sign + 1));
    }
    CachingProvider provider = Caching.getCachingProvider();
    WriterMain writer =
        new WriterMain(
            Path.of(arguments[0]),
            arguments[1],
            provider.getCacheManager(
                provider.getDefaultURI(), provider.getDefaultClassLoader(), settings));
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    writer.warren().awaitReady(Nodes.PATIENCE);
    out.println("ready");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line;
    do {
      line = in.readLine();
      if (line != null) {
        out.println("answer " + writer.answer(line.split(" ")));
      }
    } while (line != null && !line.equals("end"));
  }

  private WarrenCache<?, ?> warren() {
    return cache.unwrap(WarrenCache.class);
  }

  private String answer(String[] words) throws InterruptedException {
    switch (words[0]) {
      case "go" -> {
        go();
        return "going";
      }
      case "halt" -> {
        halt();
        return "halted";
      }
      case "barrier" -> {
        warren().barrier(Nodes.PATIENCE);
        return "done";
      }
      case "digest" -> {
        Digest digest = manager.getCache(words[1]).unwrap(WarrenCache.class).digest(Nodes.PATIENCE);
        return "%s %d %d %d"
            .formatted(digest.epoch(), digest.position(), digest.entries(), digest.hash());
      }
      case "state" -> {
        return manager.unwrap(WarrenHealth.class).state()
            + " "
            + warren().members().stream().filter(member -> member.ready()).count();
      }
      case "position" -> {
        return "" + warren().position();
      }
      case "source" -> {
        return "" + warren().recovery().source();
      }
      case "resyncs" -> {
        WarrenMetrics.MemberMetrics metrics = manager.unwrap(WarrenMetrics.class).memberMetrics();
        return metrics.resynchronisations() + " " + metrics.lastCause();
      }
      case "end" -> {
        halt();
        manager.close();
        return "closed";
      }
      default -> throw new IllegalArgumentException(words[0]);
    }
  }

  private void go() {
    halted = false;
    for (int t = 0; t < THREADS; t++) {
      int thread = t;
      threads.add(new Thread(() -> takeSteps(thread), "writer-" + t));
    }
    threads.add(new Thread(this::burst, "writer-burst"));
    threads.forEach(thread -> thread.setDaemon(true));
    threads.forEach(Thread::start);
  }

  private void halt() throws InterruptedException {
    halted = true;
    for (Thread thread : threads) {
      thread.join();
    }
    threads.clear();
  }

  private void takeSteps(int thread) {
    String prefix = name + "." + thread;
    try (OutputStream record =
        Files.newOutputStream(
            folder.resolve(prefix), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (!halted) {
        int step = nextStep[thread]++;
        String outcome = takeStep(prefix + ".", step) ? "a " : "f ";
        record.write((outcome + step + "\n").getBytes(StandardCharsets.UTF_8));
        LockSupport.parkNanos(1_000_000); // leave the processors to the others
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private boolean takeStep(String prefix, int step) {
    try {
      cache.put(prefix + step, step);
      if (removes(step)) {
        cache.remove(prefix + (step - 1));
      }
      if (step % 8 == 0) {
        cache.put(SHARED + (step / 8 % SHARED_KEYS), prefix + step);
      }
      return true;
    } catch (CacheException e) {
      return false; // the outcome is unknown
    }
  }

  private void burst() {
    for (int round = 1; !halted; round++) {
      try {
        Map<String, Object> some = new HashMap<>();
        for (int i = 0; i < 20; i++) {
          some.put("b" + (round * 20 + i) % BURST_KEYS, name + round);
        }
        burst.putAll(some);
        if (round % ROUNDS_A_CLEAR == 0) {
          burst.clear();
        }
      } catch (CacheException e) {
        // the outbox is full
      }
      LockSupport.parkNanos(5_000_000);
    }
  }
}
