// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.report;

/** Whole lines only: what begins, each quarter of it, how it ended. */
final class PlainProgress implements Progress {

  private static final int PARTS = 4;

  private final Screen screen;

  PlainProgress(Appendable out) {
    screen = new Screen(out);
  }

  @Override
  public void say(String sentence) {
    screen.print(sentence + "\n");
  }

  @Override
  public Bar bar(String what, long total) {
    say(what + " ...");
    return new Bar() {
      private long said;

      @Override
      public void at(long done) {
        long part = total == 0 ? PARTS : done * PARTS / total;
        if (part > said && part < PARTS) {
          said = part;
          say("  " + part * 100 / PARTS + " %");
        }
      }

      @Override
      public void end(String sentence) {
        say(sentence);
      }
    };
  }
}
