// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which commands a RabbitMQ in Docker takes; a script stands for Docker and writes them down. */
class DockerRabbitTest {
  @TempDir Path folder;

  @BeforeEach
  void makeDocker() throws IOException {
    script(
        """
        #!/bin/sh
        echo "$@" >>'%s'
        running='%s'
        case "$1" in
          run) touch "$running"; echo 0123456789abcdef ;;
          start) touch "$running" ;;
          stop | kill) rm "$running" ;;
          inspect) if [ -e "$running" ]; then echo true; else echo false; fi ;;
          logs) echo 'BOOT FAILED' ;;
          exec) [ "$5" != wrong ] || { echo 'no such command'; exit 64; } ;;
        esac
        """
            .formatted(log(), folder.resolve("running")));
  }

  private void script(String text) throws IOException {
    Path docker = Files.writeString(folder.resolve("docker"), text);
    Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwx------"));
  }

  private Path log() {
    return folder.resolve("log");
  }

  private String docker() {
    return folder.resolve("docker").toString();
  }

  /** The commands so far, without the questions whether it runs. */
  private List<String> commands() throws IOException {
    return Files.readAllLines(log()).stream().filter(line -> !line.startsWith("inspect")).toList();
  }

  /** Answers as RabbitMQ does, but not the first time: then only Docker's proxy is there. */
  private static Thread broker(ServerSocket port, AtomicInteger asked) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  try (Socket client = port.accept()) {
                    byte[] header = client.getInputStream().readNBytes(8);
                    if (asked.incrementAndGet() > 1 && header[0] == 'A' && header[6] == 9) {
                      client.getOutputStream().write(1);
                    }
                  }
                }
              } catch (IOException e) {
                // closed by the test
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Test
  void life_wholeOne_takesTheseCommands() throws Exception {
    DockerRabbit host = new DockerRabbit(docker(), "rabbitmq:x");
    RabbitBroker broker = new RabbitBroker(host);
    AtomicInteger asked = new AtomicInteger();
    try (ServerSocket port = new ServerSocket(host.port(), 5, InetAddress.getLoopbackAddress())) {
      Thread answering = broker(port, asked);
      broker.start();
      assertThat(asked).as("a connection alone is not enough").hasValue(2);
      broker.control("add_user", "me", "my word");
      broker.kill();
      broker.kill();
      broker.start();
      broker.stop();
      broker.close();
      broker.close();
      port.close();
      answering.join();
    }
    String container = host.container();
    assertThat(commands())
        .containsExactly(
            "run -d --name %s --label dev.warren.test -p 127.0.0.1:%d:5672 rabbitmq:x"
                .formatted(container, host.port()),
            "exec " + container + " rabbitmqctl -q add_user me my word",
            "kill " + container,
            "start " + container,
            "stop -t 15 " + container,
            "rm -f -v " + container);
    assertThat(broker.uri()).isEqualTo("amqp://guest:guest@127.0.0.1:" + host.port());
  }

  @Test
  void control_fails_saysWhatDockerSaid() {
    DockerRabbit host = new DockerRabbit(docker(), "rabbitmq:x");
    host.start();
    assertThatThrownBy(() -> host.control("wrong"))
        .hasMessageEndingWith("rabbitmqctl -q wrong ended with status 64: no such command");
  }

  @Test
  void start_containerEnds_saysWhatItSaid() throws IOException {
    RabbitBroker broker = new RabbitBroker(new DockerRabbit(docker(), "rabbitmq:x"));
    script(
        """
        #!/bin/sh
        case "$1" in
          inspect) echo false ;;
          logs) echo 'BOOT FAILED' ;;
        esac
        """);
    assertThatThrownBy(broker::start).hasStackTraceContaining("RabbitMQ ended: BOOT FAILED");
    broker.close();
  }

  @Test
  void start_imageIsMissing_saysSoAndLeavesNothingToRemove() throws IOException {
    RabbitBroker broker = new RabbitBroker(new DockerRabbit(docker(), "rabbitmq:x"));
    script("#!/bin/sh\necho \"No such $([ $1 = rm ] && echo container || echo image)\"\nexit 1\n");
    assertThatThrownBy(broker::start)
        .hasMessageEndingWith("rabbitmq:x ended with status 1: No such image");
    broker.close();
  }

  @Test
  void isAvailable_noCommandOrNoEngine_false() throws IOException {
    assertThat(DockerRabbit.isAvailable(docker())).isTrue();
    assertThat(commands()).containsExactly("info");
    script("#!/bin/sh\necho 'Cannot connect to the Docker daemon'\nexit 1\n");
    assertThat(DockerRabbit.isAvailable(docker())).isFalse();
    assertThat(DockerRabbit.isAvailable(folder.resolve("none").toString())).isFalse();
  }
}
