// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo;

import dev.warren.examples.demo.report.Progress;
import dev.warren.examples.demo.story.Cluster;
import dev.warren.examples.demo.story.Node;
import dev.warren.examples.demo.story.NodeException;
import dev.warren.examples.demo.wire.Line;
import java.io.BufferedReader;
import java.io.Flushable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Lets somebody play with the cluster: one command a line until {@code quit} or the end. */
final class Prompt {

  static final String HELP =
      """
      get <key>          every node's answer, e.g. get de/CHF or get Europe/Berlin#2031-03-30T01:00:00Z
      put <key> <value>  changes a currency name on the first node
      stats              sizes, memory and state of every node
      kill <node>        kills a node (SIGKILL)
      start <node>       starts node 1, 2 or 3
      quit               ends everything""";

  private static final int MOST_NODES = 3;
  private static final Duration READY_TIMEOUT = Duration.ofSeconds(55);
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final Cluster cluster;
  private final Progress progress;

  Prompt(Cluster cluster, Progress progress) {
    this.cluster = cluster;
    this.progress = progress;
  }

  /** Reads commands until {@code quit} or the end of {@code input}. */
  void run(BufferedReader input, Appendable out) throws IOException, InterruptedException {
    progress.say("The cluster stays. Commands:\n" + HELP);
    while (true) {
      out.append("warren> ");
      if (out instanceof Flushable flushable) {
        flushable.flush();
      }
      String line = input.readLine();
      if (line == null) {
        progress.say(""); // else the shell's prompt would follow on this line
        return;
      }
      if (line.strip().equals("quit")) {
        return;
      }
      try {
        obey(List.of(line.strip().split("\\s+", 3)));
      } catch (NodeException | IllegalArgumentException e) {
        progress.say(String.valueOf(e.getMessage()));
      }
    }
  }

  private void obey(List<String> words) throws IOException, InterruptedException {
    switch (words.get(0)) {
      case "" -> {}
      case "get" -> get(word(words, 1, "get <key>"));
      case "put" -> put(word(words, 1, "put <key> <value>"), word(words, 2, "put <key> <value>"));
      case "stats" -> stats();
      case "kill" -> {
        cluster.kill(number(words));
        progress.say("Node " + number(words) + " was killed.");
      }
      case "start" -> start(number(words));
      default -> progress.say(HELP);
    }
  }

  private void get(String key) throws InterruptedException {
    for (Node node : cluster.nodes()) {
      String value = node.ask(Line.of("get").with("key", key), TIMEOUT).fields().get("value");
      progress.say("node %d: %s".formatted(node.number(), value == null ? "(absent)" : value));
    }
  }

  private void put(String key, String value) throws InterruptedException {
    Node first =
        cluster.nodes().stream()
            .findFirst()
            .orElseThrow(() -> new NodeException("no node is running: start 1"));
    first.ask(Line.of("put").with("key", key).with("value", value), TIMEOUT);
    progress.say("Put on node " + first.number() + ".");
  }

  private void stats() throws InterruptedException {
    for (Node node : cluster.nodes()) {
      Line answer = node.ask(Line.of("stats"), TIMEOUT);
      progress.say(
          "node %d: %s transitions, %s names, %s MiB heap, %s"
              .formatted(
                  node.number(),
                  answer.text("zones"),
                  answer.text("names"),
                  answer.text("heapMiB"),
                  answer.text("health")));
    }
  }

  private void start(int number) throws IOException, InterruptedException {
    Node node = cluster.start(number);
    Line answer =
        node.ask(Line.of("ready").with("timeoutMillis", READY_TIMEOUT.toMillis()), TIMEOUT);
    progress.say(
        "Node %d is ready after %s ms: source %s, %s entries from it, %s from the log."
            .formatted(
                number,
                answer.text("millis"),
                answer.text("source"),
                answer.text("fromSource"),
                answer.text("fromLog")));
  }

  private static int number(List<String> words) {
    String word = word(words, 1, words.get(0) + " <node>");
    int number = word.matches("\\d{1,3}") ? Integer.parseInt(word) : 0;
    if (number < 1 || number > MOST_NODES) {
      throw new IllegalArgumentException(
          "a node is a number from 1 to %d, but was '%s'".formatted(MOST_NODES, word));
    }
    return number;
  }

  private static String word(List<String> words, int index, String usage) {
    if (words.size() <= index) {
      throw new IllegalArgumentException("usage: " + usage);
    }
    return words.get(index);
  }
}
