// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.it.faults.Nodes.Node;
import dev.warren.jcache.api.Digest;
import dev.warren.jcache.api.WarrenCache;
import dev.warren.jcache.api.WarrenHealth;
import dev.warren.testkit.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import javax.cache.Cache;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes that write ({@link WriterMain}) beside a node in this one that only looks on, and what
 * must hold when they have been through something.
 */
final class Writers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Writers.class);

  private final Nodes nodes;
  private final String[] settings;
  private final Path folder;
  private final List<Writer> all = new ArrayList<>();

  /** One process. */
  final class Writer {
    final String name = "w" + all.size();
    final ChildJvm jvm;
    private boolean alive = true;

    private Writer(String log) {
      List<String> arguments = new ArrayList<>(List.of(folder.toString(), name));
      arguments.addAll(Arrays.asList(NodeMain.arguments(nodes.settings(log, settings))));
      jvm = new ChildJvm(WriterMain.class, arguments.toArray(String[]::new));
      all.add(this);
    }

    String ask(String request) {
      jvm.say(request);
      return jvm.expect("answer");
    }

    /** SIGKILL. */
    void kill() {
      assertThat(jvm.kill()).isEqualTo(ChildJvm.KILLED);
      alive = false;
    }

    /** Ends in order. */
    void end() {
      assertThat(ask("end")).isEqualTo("closed");
      assertThat(jvm.exitStatus()).as(jvm.errors()).isZero();
      alive = false;
    }

    /** How many steps were acknowledged to it so far. */
    long acknowledged() {
      return records(name).values().stream().mapToLong(Steps::acknowledgedCount).sum();
    }

    boolean warned(String code) {
      return jvm.errors().contains(" " + code + " ");
    }

    void awaitWarning(String code) {
      await(name + " says " + code).atMost(Nodes.PATIENCE).until(() -> warned(code));
    }
  }

  /** What became of the steps of one thread: all up to {@code last}, except these. */
  private record Steps(int last, Set<Integer> failed) {
    long acknowledgedCount() {
      return last + 1L - failed.size();
    }

    boolean acknowledged(int step) {
      return step <= last && !failed.contains(step);
    }
  }

  Writers(Nodes nodes, String... settings) {
    this.nodes = nodes;
    this.settings = settings;
    try {
      folder = Files.createTempDirectory("warren-writers");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts one for each address, at once, and returns when all are ready. */
  List<Writer> start(String... logs) {
    List<Writer> started = Arrays.stream(logs).map(log -> new Writer(log)).toList();
    started.forEach(writer -> writer.jvm.expect("ready"));
    return started;
  }

  Node observe(String log) {
    Node observer = nodes.open(log, settings);
    WriterMain.cache(observer.manager, WriterMain.BURST);
    return observer.ready();
  }

  private List<Writer> alive() {
    return all.stream().filter(writer -> writer.alive).toList();
  }

  void go() {
    alive().forEach(writer -> writer.ask("go"));
  }

  /** Waits until each writer that is alive had so many more steps acknowledged. */
  void awaitAcknowledged(int more) {
    Map<Writer, Long> before = new HashMap<>();
    alive().forEach(writer -> before.put(writer, writer.acknowledged()));
    await("each writer has %d more acknowledged".formatted(more))
        .atMost(Duration.ofMinutes(4))
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () ->
                before.forEach(
                    (writer, count) ->
                        assertThat(writer.acknowledged())
                            .as(writer.name)
                            .isGreaterThanOrEqualTo(count + more)));
  }

  /**
   * Ends the writing, and checks: all nodes are ready, equal by digest at one position, hold
   * everything that was acknowledged and nothing that was removed or never written.
   */
  void assertNothingLostAndAllEqual(Node observer) {
    alive().forEach(writer -> writer.jvm.say("halt"));
    alive().forEach(writer -> assertThat(writer.jvm.expect("answer")).isEqualTo("halted"));
    for (Writer writer : alive()) {
      await(writer.name + " is ready")
          .atMost(Nodes.PATIENCE)
          .untilAsserted(() -> assertThat(writer.ask("state")).startsWith("READY"));
      assertThat(writer.ask("barrier")).isEqualTo("done");
    }
    observer.awaitState(WarrenHealth.State.READY);
    Digest digest = awaitEqualDigests(observer, "c");
    Digest burst = awaitEqualDigests(observer, WriterMain.BURST);
    assertThat(digest.hash()).as("not of nothing").isNotZero();
    int held = assertHoldsWhatWasAcknowledged(observer.cache);
    assertThat(digest.entries()).isEqualTo(held);
    assertThat(observer.warren().size()).isEqualTo(held);
    LOG.info(
        "{} nodes equal: {} and {}; {}",
        alive().size() + 1,
        digest,
        burst,
        all.stream()
            .map(writer -> writer.name + " " + writer.acknowledged() + " acknowledged")
            .toList());
  }

  private Digest awaitEqualDigests(Node observer, String cache) {
    List<Digest> equal = new ArrayList<>();
    await("digests at one position")
        .atMost(Nodes.PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              alive().forEach(writer -> writer.jvm.say("digest " + cache));
              Set<String> positions = new HashSet<>();
              equal.clear();
              equal.add(observer.cache(cache).unwrap(WarrenCache.class).digest(Nodes.PATIENCE));
              for (Writer writer : alive()) {
                String[] words = writer.jvm.expect("answer").split(" ");
                int n = words.length;
                equal.add(
                    new Digest(
                        Long.parseLong(words[n - 3]),
                        String.join(" ", Arrays.copyOf(words, n - 3)),
                        Long.parseLong(words[n - 2]),
                        Long.parseLong(words[n - 1])));
              }
              equal.forEach(digest -> positions.add(digest.epoch() + " " + digest.position()));
              return positions.size() == 1;
            });
    assertThat(new HashSet<>(equal)).as("digests at one position").hasSize(1);
    return equal.get(0);
  }

  /*
   * Of each key the last word is known or not. Known: the step that put it returned, and the step
   * that should remove it returned or was never begun; or only the latter returned, which comes
   * behind the put in the log. Else the key may be there or not. The step after the last recorded
   * one may have begun.
   */
  private int assertHoldsWhatWasAcknowledged(Cache<String, Object> cache) {
    Map<String, Object> held = new HashMap<>();
    cache.forEach(entry -> held.put(entry.getKey(), entry.getValue()));
    Set<String> left = new HashSet<>(held.keySet());
    left.removeIf(key -> key.startsWith(WriterMain.SHARED));
    List<String> wrong = new ArrayList<>();
    int required = 0;
    for (Writer writer : all) {
      for (Map.Entry<String, Steps> thread : records(writer.name).entrySet()) {
        Steps steps = thread.getValue();
        for (int step = 0; step <= steps.last + 1; step++) {
          String key = thread.getKey() + "." + step;
          boolean isRemoved = WriterMain.removes(step + 1) && step < steps.last + 1;
          boolean present = left.remove(key);
          if (present && !Objects.equals(held.get(key), step)) {
            wrong.add(key + " is " + held.get(key));
          } else if (isRemoved && steps.acknowledged(step + 1)) {
            if (present) {
              wrong.add(key + " was removed and is there");
            }
          } else if (!isRemoved && steps.acknowledged(step)) {
            required++;
            if (!present) {
              wrong.add(key + " was put and is missing");
            }
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(left).as("keys that nobody wrote").isEmpty();
    assertThat(required).as("keys that must be there").isPositive();
    return held.size();
  }

  private Map<String, Steps> records(String writer) {
    Map<String, Steps> records = new HashMap<>();
    for (int t = 0; t < WriterMain.THREADS; t++) {
      Path file = folder.resolve(writer + "." + t);
      if (Files.exists(file)) {
        records.put(writer + "." + t, steps(file));
      }
    }
    return records;
  }

  private static Steps steps(Path file) {
    try {
      String text = Files.readString(file);
      int last = -1;
      Set<Integer> failed = new HashSet<>();
      for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
        last = Integer.parseInt(line.substring(2));
        if (line.startsWith("f")) {
          failed.add(last);
        }
      }
      return new Steps(last, failed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    all.forEach(writer -> writer.jvm.close());
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
