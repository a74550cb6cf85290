// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

/** What a process of the benchmark does when it is asked to. */
interface Node extends AutoCloseable {

  /**
   * Does what {@code request} says.
   *
   * @return the answer, in one line
   */
  String answer(Request request) throws Exception;
}
