// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a stand-in for {@code docker} that runs the installed RabbitMQ. */
class DockerRabbitMqIT {

  @TempDir private Path folder;

  @Test
  void kill_startedAgain_keepsTheStreamAndLeavesNoContainer() throws Exception {
    RealBroker.require();
    Path docker = folder.resolve("docker");
    Files.copy(Path.of("src/test/bin/docker"), docker, StandardCopyOption.COPY_ATTRIBUTES);
    try (Run run = new Run();
        DockerRabbitMq broker = new DockerRabbitMq(run, docker.toString())) {
      broker.start();
      String stream = "warren." + run.cluster();
      RealBroker.publish(broker.uri(), stream);

      broker.kill();
      assertThatIOException().isThrownBy(() -> new AmqpAddress(broker.uri()).probe());
      broker.start();

      assertThat(RealBroker.firstMessageAfterRestart(broker.uri(), stream)).containsExactly(42);
      broker.loseLog();
      assertThatIOException().isThrownBy(() -> RealBroker.firstMessage(broker.uri(), stream));
      assertThat(folder.resolve("warren-" + run.cluster())).isDirectory();
    }
    assertThat(folder).isDirectoryNotContaining("glob:**/warren-*");
    assertThat(Files.readAllLines(folder.resolve("asked")))
        .extracting(line -> line.split(" ", 2)[0])
        .containsExactly("run", "kill", "start", "rm");
  }

  @Test
  void start_dockerRefuses_saysWhatItSaid() throws Exception {
    Path docker = folder.resolve("docker");
    Files.writeString(docker, "#!/bin/sh\necho 'no space left on device' >&2\nexit 125\n");
    assertThat(docker.toFile().setExecutable(true)).isTrue();
    try (Run run = new Run();
        DockerRabbitMq broker = new DockerRabbitMq(run, docker.toString())) {
      assertThatIOException()
          .isThrownBy(broker::start)
          .withMessage("docker run: no space left on device");
    }
  }
}
