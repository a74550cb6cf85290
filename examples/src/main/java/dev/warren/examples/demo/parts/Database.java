// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import java.io.IOException;

/** The MongoDB that holds the copy. */
public interface Database extends AutoCloseable {

  /** What it is, for people, without passwords. */
  String description();

  /** Starts it if it is ours; returns when it answers. */
  void start() throws IOException, InterruptedException;

  /** The address for {@code warren.persistence}; names a database of this run alone. */
  String uri();

  /** Removes everything that this run stored, while no node lives. */
  void empty();

  /** Removes what this run left in it. */
  @Override
  void close();
}
