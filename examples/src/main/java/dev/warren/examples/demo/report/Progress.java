// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.report;

/** Tells what happens while it happens. Used by one thread. */
public interface Progress {

  /** Says one sentence. */
  void say(String sentence);

  /** Begins something of which the size is known. */
  Bar bar(String what, long total);

  /** Something that is under way. */
  interface Bar {

    /** So much of it is done. */
    void at(long done);

    /** All of it is done; {@code sentence} takes the bar's place. */
    void end(String sentence);
  }

  /** Progress for a terminal or, if {@code plain}, for a file. */
  static Progress on(Appendable out, boolean plain) {
    return plain ? new PlainProgress(out) : new TerminalProgress(out);
  }
}
