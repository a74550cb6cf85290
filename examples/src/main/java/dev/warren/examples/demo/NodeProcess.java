// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo;

import dev.warren.examples.demo.node.NodeMain;
import dev.warren.examples.demo.parts.Children;
import dev.warren.examples.demo.parts.Run;
import dev.warren.examples.demo.story.Node;
import dev.warren.examples.demo.story.NodeException;
import dev.warren.examples.demo.wire.Line;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A node in a JVM of its own, asked over its standard input and output. Thread-safe. */
final class NodeProcess implements Node {

  private static final List<String> JVM_OPTIONS = List.of("-Xms192m", "-Xmx256m");

  private final int number;
  private final String log;
  private final Process process;
  private final PrintStream requests;

  // Both guarded by this: what was asked and not answered, in order; and whether the node ended.
  private final Deque<Pending> pending = new ArrayDeque<>();
  private boolean ended;

  private record Pending(CompletableFuture<Line> answer, LongConsumer progress) {}

  private NodeProcess(int number, Process process, String log) {
    this.number = number;
    this.process = process;
    this.log = log;
    requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /** Starts the JVM; the first answer is that to {@code open}. */
  static NodeProcess start(Run run, int number) throws IOException {
    String name = "node-" + number;
    Process process = run.java(name, NodeMain.class, JVM_OPTIONS, List.of());
    NodeProcess node = new NodeProcess(number, process, run.log(name).toString());
    Thread reader = new Thread(node::readAnswers, "demo-" + name);
    reader.setDaemon(true);
    reader.start();
    return node;
  }

  @Override
  public int number() {
    return number;
  }

  @Override
  public boolean isAlive() {
    return process.isAlive();
  }

  void kill() {
    Children.kill(process);
  }

  /** Ends the node in an orderly way: the end of its input closes its caches. */
  void quit() {
    requests.close();
  }

  @Override
  public CompletableFuture<Line> send(Line request, LongConsumer progress) {
    CompletableFuture<Line> answer = new CompletableFuture<>();
    synchronized (this) {
      if (ended) {
        answer.completeExceptionally(gone());
      } else {
        pending.add(new Pending(answer, progress));
        requests.println(request.format());
      }
    }
    return answer;
  }

  private void readAnswers() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        take(Line.parse(line));
      }
    } catch (IOException e) {
      // The node was killed while it wrote: as good as the end of its output.
    } finally {
      end();
    }
  }

  private void take(Line line) {
    Pending first = first(!line.verb().equals(Line.PROGRESS));
    if (first == null) {
      return; // the error that ends a node answers nothing
    }
    switch (line.verb()) {
      case Line.PROGRESS -> first.progress().accept(line.number("done"));
      case Line.OK -> first.answer().complete(line);
      default ->
          first
              .answer()
              .completeExceptionally(new NodeException(line.text("message") + "; see " + log));
    }
  }

  private synchronized @Nullable Pending first(boolean last) {
    return last ? pending.poll() : pending.peek();
  }

  private void end() {
    List<Pending> unanswered;
    synchronized (this) {
      ended = true;
      unanswered = List.copyOf(pending);
      pending.clear();
    }
    unanswered.forEach(request -> request.answer().completeExceptionally(gone()));
  }

  private NodeException gone() {
    return new NodeException("node " + number + " is not running; see " + log);
  }
}
