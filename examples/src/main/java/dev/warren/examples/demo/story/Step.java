// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.story;

import dev.warren.examples.demo.report.Row;
import java.io.IOException;

/** One step of the story. */
interface Step {

  /** What the row is called if the step does not come to its end. */
  String title();

  /** Does it and says what came out. */
  Row run(Stage stage) throws IOException, InterruptedException;
}
