// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever the benchmark asks of nodes of Warren, on two in this JVM; no figure is looked at. */
class NodesTest {

  private final String cluster = Lab.cluster();
  private final WarrenNode a = open("a");
  private final WarrenNode b = open("b");

  private WarrenNode open(String name) {
    Properties settings = new Properties();
    settings.setProperty("uri", "warren:" + cluster + "-" + name);
    settings.setProperty("warren.cluster", cluster);
    settings.setProperty("warren.log", "memory:" + cluster);
    settings.setProperty("warren.epoch-grace", "50ms");
    return WarrenNode.open(settings);
  }

  private static String ask(Node node, String request) {
    try {
      return node.answer(Request.of(request));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void close() {
    a.close();
    b.close();
  }

  @Test
  void puts_ofSeveralThreads_areAllSeenInOrder() {
    CompletableFuture<String> seen = CompletableFuture.supplyAsync(() -> ask(b, "await 4 500 1"));
    assertThat(ask(a, "puts 4 500 1")).matches("\\d+ \\d+");
    assertThat(seen.join()).matches("\\d+ 0");
    assertThat(ask(b, "size")).isEqualTo("504");
    assertThat(ask(b, "counts")).matches("\\d+ 0");
    ask(b, "reach " + ask(a, "settle"));
    assertThat(ask(b, "digest")).isEqualTo(ask(a, "digest"));
    assertThat(Long.parseLong(ask(b, "offset"))).isPositive();
  }

  @Test
  void ping_isTimedByTheOther() {
    CompletableFuture<String> ages = CompletableFuture.supplyAsync(() -> ask(b, "pong 20 1"));
    ask(a, "ping 20 500 1");
    assertThat(ages.join()).matches("\\d+ \\d+ \\d+");
  }

  @Test
  void reads_andCaller_answerTimes() {
    ask(a, "fill 50 100");
    assertThat(ask(a, "both 50 100")).matches("[\\d.E-]+ [\\d.E-]+");
    assertThat(ask(a, "caller 50 3")).matches("[\\d.E-]+ [\\d.E-]+ [\\d.E-]+");
  }

  @Test
  void load_ofBoth_isVerified() {
    ask(b, "reach " + ask(a, "fill 100 200"));
    ask(a, "load 500 0 2 100 200");
    ask(b, "load 500 1 2 100 200");
    assertThat(ask(a, "load-figures")).matches("\\d+ \\d+ \\d+ \\d+");
    String ofA = ask(a, "load-stop");
    String ofB = ask(b, "load-stop");
    ask(b, "reach " + Request.of(ofA).command());
    ask(a, "reach " + Request.of(ofB).command());
    assertThat(ask(b, "digest")).isEqualTo(ask(a, "digest"));
  }

  @Test
  void live_growsNoLessThanItIs() throws Exception {
    ask(a, "watch-live");
    assertThat(ask(a, "most-live")).matches("\\d+ \\d+");
    assertThat(ask(b, "recovery")).matches("(SIBLING|LOG) \\d+ \\d+");
  }

  @Test
  void open_ofAnyProvider_isTimed() {
    Properties settings = new Properties();
    settings.setProperty("uri", "warren:" + cluster + "-plain");
    try (CacheNode node = CacheNode.open(settings)) {
      assertThat(Long.parseLong(ask(node, "opened"))).isPositive();
      ask(node, "fill 10 100");
      assertThat(ask(node, "await 0 10 0")).matches("\\d+ 0");
      assertThat(Double.parseDouble(ask(node, "reads 10 100"))).isPositive();
    }
  }

  @Test
  void unknownCommand_isRefused() {
    assertThatThrownBy(() -> a.answer(Request.of("jump high")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("jump");
  }
}
