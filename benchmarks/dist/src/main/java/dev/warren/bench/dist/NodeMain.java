// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;

/**
 * A process of a cluster: opens the node that its first argument names, with the settings of the
 * others ({@code key=value}), and answers one line of its standard input after the other. It ends
 * with its input.
 */
final class NodeMain {

  /** What an answer begins with, and what a failure does. */
  static final String OK = "ok ";

  static final String FAILED = "failed ";

  private NodeMain() {}

  public static void main(String[] arguments) throws Exception {
    PrintStream answers = System.out;
    System.setOut(System.err); // where a library may chat
    Properties settings = new Properties();
    for (String setting : List.of(arguments).subList(1, arguments.length)) {
      int sign = setting.indexOf('=');
      settings.setProperty(setting.substring(0, sign), setting.substring(sign + 1));
    }
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Node node = open(arguments[0], settings)) {
      answers.println(OK + "open");
      for (String line = requests.readLine(); line != null; line = requests.readLine()) {
        try {
          answers.println(OK + node.answer(Request.of(line)));
        } catch (Exception | AssertionError e) {
          answers.println(FAILED + line + ": " + e);
        }
      }
    }
    System.exit(0); // whatever a library left running
  }

  /** One class for each, so that only the classes of one need be there. */
  private static Node open(String kind, Properties settings) throws Exception {
    return switch (kind) {
      case "warren" -> WarrenNode.open(settings);
      case "raw" -> RawNode.open(settings);
      default -> CacheNode.open(settings);
    };
  }
}
