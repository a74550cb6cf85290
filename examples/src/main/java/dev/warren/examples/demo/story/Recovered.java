// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.story;

import dev.warren.examples.demo.wire.Line;

/** Whence a node's memory came. */
record Recovered(String source, long fromSource, long fromLog, long millis) {

  static Recovered of(Line answer) {
    return new Recovered(
        answer.text("source"),
        answer.number("fromSource"),
        answer.number("fromLog"),
        answer.number("millis"));
  }

  /** For the column of figures. */
  String figure() {
    return "%s, %s ms".formatted(entries(), Stage.count(millis));
  }

  /** For sentences. */
  String entries() {
    return switch (source) {
      case "SIBLING" -> from("another node");
      case "DATABASE" -> from("MongoDB");
      case "LOG" -> "%s entries from the log".formatted(Stage.count(fromLog));
      default -> from(source);
    };
  }

  private String from(String what) {
    return "%s entries from %s, %s from the log"
        .formatted(Stage.count(fromSource), what, Stage.count(fromLog));
  }
}
