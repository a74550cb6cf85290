// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the script as a user would, on the JDK of this test. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DemoIT {

  private static final Pattern FOLDER = Pattern.compile("Logs of this run: (\\S+)");

  private record Ended(int status, String output) {}

  @Test
  void demo_plantedWrongAnswer_endsWithOne() throws Exception {
    Ended demo = run("--plant-wrong-answer");

    assertThat(demo.output()).contains("WRONG (1 of ", "NOT every comparison was right");
    assertThat(demo.status()).as(demo.output()).isEqualTo(1);
  }

  @Test
  void demo_twoAtOnce_areBothRight() throws Exception {
    CompletableFuture<Ended> first = CompletableFuture.supplyAsync(() -> runUnchecked());
    Ended second = run();

    assertThat(second.status()).as(second.output()).isZero();
    assertThat(first.get().status()).as(first.get().output()).isZero();
    assertThat(second.output())
        .contains("Every comparison was right.")
        .doesNotContainIgnoringCase("exception")
        .doesNotContain("WARNING");
    assertThat(folder(second.output())).doesNotExist();
  }

  @Test
  void demo_stoppedInTheMiddle_leavesNothingBehind() throws Exception {
    Process demo = start();
    StringBuilder told = new StringBuilder();
    List<ProcessHandle> started;
    try (BufferedReader output = demo.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine();
          line != null && !line.startsWith("node 1 fills");
          line = output.readLine()) {
        told.append(line).append('\n');
      }
      started = demo.descendants().toList();
      demo.toHandle().destroy(); // Process.destroy would close the output that is read here
      told.append(output.lines().collect(Collectors.joining("\n")));
    }

    assertThat(demo.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(started).as(told.toString()).hasSizeGreaterThanOrEqualTo(4);
    for (ProcessHandle process : started) {
      process.onExit().get(10, TimeUnit.SECONDS);
    }
    assertThat(folder(told.toString())).doesNotExist();
    assertThat(told.toString()).doesNotContain("demo:");
  }

  @Test
  void demo_nobodyReads_endsSoon() throws Exception {
    Process demo = start();
    Path folder;
    try (BufferedReader output = demo.inputReader(StandardCharsets.UTF_8)) {
      folder = folder(output.lines().limit(3).collect(Collectors.joining("\n")));
    }

    assertThat(demo.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(demo.exitValue()).isEqualTo(1);
    assertThat(folder).doesNotExist();
  }

  @Test
  void demo_noRoomForTemporaryFiles_saysSo(@TempDir Path parent) throws Exception {
    Ended demo = run(Map.of("TMPDIR", parent.resolve("missing").toString()));

    assertThat(demo.status()).isEqualTo(1);
    assertThat(demo.output())
        .isEqualTo(
            "demo: %s cannot be written: set TMPDIR to a folder that can\n"
                .formatted(parent.resolve("missing")));
  }

  @Test
  void demo_nobodyAtTheAddress_saysSoWithoutThePassword() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Ended demo = run("--log", "amqp://guest:secret@127.0.0.1:" + port);

    assertThat(demo.status()).isEqualTo(1);
    assertThat(demo.output())
        .contains("cannot reach a broker at amqp://guest:***@127.0.0.1:" + port)
        .doesNotContain("secret")
        .doesNotContain("could not be deleted")
        .doesNotContain("logs of this run"); // nothing was started: there are none
  }

  @Test
  void demo_noDatabaseAtTheAddress_saysSoAndLeavesNothingBehind(@TempDir Path temporary)
      throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Ended demo =
        run(
            Map.of("TMPDIR", temporary.toString()),
            "--persistence",
            "mongodb://u:secret@127.0.0.1:" + port);

    assertThat(demo.status()).isEqualTo(1);
    assertThat(demo.output())
        .contains("cannot reach MongoDB at mongodb://u:***@127.0.0.1:" + port)
        .doesNotContain("secret")
        .doesNotContain("logs of this run");
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void demo_dockerWithoutEngine_saysSo(@TempDir Path bin) throws Exception {
    Path docker = Files.writeString(bin.resolve("docker"), "#!/bin/sh\nexit 1\n");
    assertThat(docker.toFile().setExecutable(true)).isTrue();
    Ended demo =
        run(Map.of("PATH", bin + File.pathSeparator + System.getenv("PATH")), "--rabbitmq=docker");

    assertThat(demo.status()).isEqualTo(1);
    assertThat(demo.output())
        .isEqualTo(
            "demo: --rabbitmq=docker needs a Docker engine, but 'docker info' does not answer\n");
  }

  @Test
  void demo_wrongCommandLine_endsWithTwo() throws Exception {
    Ended unknown = run("--fast");

    assertThat(unknown.status()).isEqualTo(2);
    assertThat(unknown.output())
        .isEqualTo("demo: unknown option '--fast'; ./demo --help lists them\n");
    assertThat(run("--log").status()).isEqualTo(2);
    assertThat(run("--help").status()).isZero();
  }

  private static Ended runUnchecked() {
    try {
      return run();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Ended run(String... options) throws IOException, InterruptedException {
    return run(Map.of(), options);
  }

  private static Ended run(Map<String, String> environment, String... options)
      throws IOException, InterruptedException {
    Process demo = start(environment, options);
    String output = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(demo.waitFor(), output);
  }

  private static Process start(String... options) throws IOException {
    return start(Map.of(), options);
  }

  private static Process start(Map<String, String> environment, String... options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of("..", "demo").toAbsolutePath().normalize().toString());
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    Process demo = builder.start();
    demo.getOutputStream().close();
    return demo;
  }

  private static Path folder(String output) {
    Matcher matcher = FOLDER.matcher(output);
    assertThat(matcher.find()).as(output).isTrue();
    return Path.of(matcher.group(1));
  }
}
