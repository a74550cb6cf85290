// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

import java.util.List;

/** A line that asks a node for something: a command and its arguments, separated by spaces. */
record Request(String command, List<String> arguments) {

  static Request of(String line) {
    List<String> words = List.of(line.trim().split(" +", -1));
    return new Request(words.get(0), words.subList(1, words.size()));
  }

  String text(int place) {
    return arguments.get(place);
  }

  int number(int place) {
    return Integer.parseInt(arguments.get(place));
  }

  long big(int place) {
    return Long.parseLong(arguments.get(place));
  }

  /** For a command that nobody knows. */
  IllegalArgumentException unknown() {
    return new IllegalArgumentException("unknown command: " + command);
  }
}
