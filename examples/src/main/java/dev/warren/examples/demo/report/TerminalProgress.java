// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.report;

/** A bar that is drawn over itself until its sentence takes its place. */
final class TerminalProgress implements Progress {

  private static final int WIDTH = 20;

  /** Returns to the start of the line and erases it (ECMA-48). */
  private static final String OVER = "\r\u001b[K";

  private final Screen screen;

  TerminalProgress(Appendable out) {
    screen = new Screen(out);
  }

  @Override
  public void say(String sentence) {
    screen.print(OVER + sentence + "\n");
  }

  @Override
  public Bar bar(String what, long total) {
    return new TerminalBar(what, total);
  }

  private final class TerminalBar implements Bar {
    private final String what;
    private final long total;
    private long drawn = -1;

    TerminalBar(String what, long total) {
      this.what = what;
      this.total = total;
      at(0);
    }

    @Override
    public void at(long done) {
      long percent = total == 0 ? 100 : Math.min(100, done * 100 / total);
      if (percent == drawn) {
        return;
      }
      drawn = percent;
      int full = (int) (percent * WIDTH / 100);
      screen.print(
          "%s  [%s%s] %3d %%  %s"
              .formatted(OVER, "#".repeat(full), ".".repeat(WIDTH - full), percent, what));
    }

    @Override
    public void end(String sentence) {
      screen.print(OVER + sentence + "\n");
    }
  }
}
