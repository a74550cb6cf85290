// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.node;

import dev.warren.examples.demo.data.Dataset;
import dev.warren.examples.demo.wire.Line;
import javax.cache.Cache;

/** Counts right and wrong answers; an entry that should not be there is a wrong answer too. */
final class Comparison {

  private static final int KEYS_PER_STEP = 1_000;

  private final Command.Steps steps;
  private long right;
  private long wrong;
  private String sample = "";

  Comparison(Command.Steps steps) {
    this.steps = steps;
  }

  <V> void compare(Dataset<V> expected, Cache<String, V> cache) {
    expected
        .entries()
        .forEach(
            (key, value) -> {
              V actual = cache.get(key);
              if (value.equals(actual)) {
                right();
              } else {
                wrong(
                    "%s of %s should be '%s', but is '%s'"
                        .formatted(expected.title(), key, value, actual));
              }
            });
    for (Cache.Entry<String, V> entry : cache) {
      String key = entry.getKey();
      if (!expected.entries().containsKey(key) && !WriterCommands.isWritten(key)) {
        wrong("%s hold '%s', which nobody put".formatted(expected.title(), key));
      }
    }
  }

  void right() {
    right++;
    step();
  }

  void wrong(String what) {
    wrong++;
    if (sample.isEmpty()) {
      sample = what;
    }
    step();
  }

  Line answer() {
    return Line.of(Line.OK).with("right", right).with("wrong", wrong).with("sample", sample);
  }

  private void step() {
    if ((right + wrong) % KEYS_PER_STEP == 0) {
      steps.done(right + wrong);
    }
  }
}
