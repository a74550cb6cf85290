// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.local;

import java.io.IOException;
import java.nio.file.Path;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Measures one cell with the provider on the class path, in a JVM that JMH forks. */
final class OneCell {

  private OneCell() {}

  /**
   * @param arguments cell, file of the figure, seconds per iteration, iterations to warm up, to
   *     measure
   */
  public static void main(String[] arguments) throws RunnerException, IOException {
    Cell cell = Cell.parse(arguments[0]);
    TimeValue time = TimeValue.milliseconds((long) (Double.parseDouble(arguments[2]) * 1000));
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(CacheBenchmark.class.getName() + "\\." + cell.operation() + "$")
            .param("value", cell.value().name())
            .param("variant", cell.variant().name())
            .param("byValue", Boolean.toString(cell.byValue()))
            .param("entries", Integer.toString(cell.entries()))
            .threads(cell.threads())
            .forks(1)
            .warmupTime(time)
            .warmupIterations(Integer.parseInt(arguments[3]))
            .measurementTime(time)
            .measurementIterations(Integer.parseInt(arguments[4]))
            .shouldFailOnError(true)
            .addProfiler(GCProfiler.class)
            .jvmArgs("-Xms2g", "-Xmx2g", "-XX:+UseParallelGC");
    RunResult result = new Runner(options.build()).run().iterator().next();
    Result<?> primary = result.getPrimaryResult();
    Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
    if (allocated == null) {
      allocated = result.getSecondaryResults().get("·gc.alloc.rate.norm");
    }
    new Figure(
            primary.getScore(),
            primary.getScoreError(),
            allocated == null ? Double.NaN : allocated.getScore())
        .write(Path.of(arguments[1]));
  }
}
