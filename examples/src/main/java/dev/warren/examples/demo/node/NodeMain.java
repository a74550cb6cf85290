// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.node;

import dev.warren.examples.demo.wire.Line;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * One node of the demo. The first line is {@code open} with the addresses, which therefore never
 * show in a process list; then one request a line. The end of standard input, which is also the
 * launcher's death, ends the node.
 */
public final class NodeMain {

  private NodeMain() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    PrintStream answers =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.setOut(System.err); // nothing else may write between the answers
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String first = requests.readLine();
    if (first == null) {
      return;
    }
    Line open = Line.parse(first);
    try (NodeCaches caches =
        NodeCaches.open(open.text("cluster"), open.text("log"), open.text("persistence"))) {
      send(answers, Line.of(Line.OK));
      NodeCommands commands = new NodeCommands(caches);
      for (String line = requests.readLine(); line != null; line = requests.readLine()) {
        send(answers, commands.answer(Line.parse(line), progress -> send(answers, progress)));
      }
    } catch (RuntimeException e) {
      send(answers, Line.of(Line.ERROR).with("message", String.valueOf(e.getMessage())));
      throw e;
    }
  }

  private static void send(PrintStream answers, Line line) {
    answers.println(line.format());
  }
}
