// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InstalledRabbitMqIT {

  @Test
  void kill_whileTwoRunsLive_keepsTheStreamAndLeavesNothingBehind() throws Exception {
    Path program = RealBroker.require();
    Run run = new Run();
    Run other = new Run();
    List<ProcessHandle> started;
    try (run;
        other) {
      InstalledRabbitMq broker = new InstalledRabbitMq(run, program);
      broker.start();
      InstalledRabbitMq neighbour = new InstalledRabbitMq(other, program);
      neighbour.start();
      String stream = "warren." + run.cluster();
      RealBroker.publish(broker.uri(), stream);
      started = ProcessHandle.current().descendants().toList();

      broker.kill();
      assertThatIOException().isThrownBy(() -> new AmqpAddress(broker.uri()).probe());
      new AmqpAddress(neighbour.uri()).probe();
      broker.start();

      assertThat(RealBroker.firstMessageAfterRestart(broker.uri(), stream)).containsExactly(42);
      broker.loseLog();
      assertThatIOException().isThrownBy(() -> RealBroker.firstMessage(broker.uri(), stream));
    }
    assertThat(started).isNotEmpty();
    for (ProcessHandle process : started) {
      process.onExit().get(10, TimeUnit.SECONDS);
    }
    assertThat(Files.exists(run.folder())).isFalse();
    assertThat(Files.exists(other.folder())).isFalse();
  }
}
