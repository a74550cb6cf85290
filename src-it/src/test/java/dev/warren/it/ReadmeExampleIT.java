// SPDX-License-Identifier: Apache-2.0
package dev.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.embedded.EmbeddedBroker;
import dev.warren.testkit.RabbitBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's code in JVMs of its own. */
class ReadmeExampleIT {
  @TempDir Path folder;

  @Test
  void main_twoProcessesOnEmbeddedBroker_theSecondReadsWhatTheFirstPut() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(0)) {
      runTwice(broker.uri());
    }
  }

  @Test
  void main_twoProcessesOnRabbitMq_theSecondReadsWhatTheFirstPut() throws Exception {
    try (RabbitBroker broker = RabbitBroker.startOrSkip()) {
      runTwice(broker.uri());
    }
  }

  private void runTwice(String log) throws IOException, InterruptedException {
    assertThat(run(log, "one")).containsExactly("one: hello");
    assertThat(run(log, "two")).containsExactlyInAnyOrder("one: hello", "two: hello");
  }

  /** The lines that it prints on standard output. */
  private List<String> run(String log, String name) throws IOException, InterruptedException {
    Path output = folder.resolve(name + ".out");
    Path errors = folder.resolve(name + ".err");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ReadmeExample.class.getName(),
                log,
                name)
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended by itself").isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as("%s", Files.readString(errors)).isZero();
    return Files.readAllLines(output);
  }
}
