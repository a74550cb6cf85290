// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.story;

import dev.warren.examples.demo.report.Progress;
import dev.warren.examples.demo.report.Table;
import java.io.IOException;
import java.util.List;

/** The main job, step by step: fill, read, change, crash, come back. */
public final class Story {

  private final List<Step> steps;

  /** The story; with {@code plantWrongAnswer} one entry is falsified after the fill. */
  public Story(boolean plantWrongAnswer) {
    steps =
        List.of(
            new FillStep(plantWrongAnswer),
            new ReadStep(),
            new ChangeStep(),
            new KillOneStep(),
            new KillAllStep("5 lose MongoDB", KillAllStep.Loss.DATABASE),
            new KillAllStep("6 lose the log", KillAllStep.Loss.LOG),
            new KillBrokerStep());
  }

  /**
   * Runs every step; those that ended stand in {@code table} even if a later one fails.
   *
   * @throws NodeException if a node answers with an error or not at all, naming the step
   */
  public void run(Cluster cluster, Progress progress, Table table)
      throws IOException, InterruptedException {
    Stage stage = new Stage(cluster, progress);
    for (Step step : steps) {
      progress.say("");
      try {
        table.add(step.run(stage));
      } catch (NodeException e) {
        throw new NodeException("step '" + step.title() + "': " + e.getMessage());
      }
    }
  }
}
