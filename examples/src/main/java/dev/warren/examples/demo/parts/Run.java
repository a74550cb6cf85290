// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What is this run's own, so that two runs at once do not meet: a random cluster name, a temporary
 * folder, ports and processes.
 */
public final class Run implements AutoCloseable {

  private static final String LOG_SUFFIX = ".log";

  /** Room that a run needs: what RabbitMQ wants to be free, the database, and some logs. */
  private static final long ROOM_BYTES = 400L << 20;

  /*
   * A dozen JVMs live for seconds each, several at once: compiled by the quick compiler alone they
   * are done sooner than with the optimizing one, which takes a processor from them all that time.
   */
  private static final List<String> QUICK_START =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private final String cluster = "demo-" + UUID.randomUUID().toString().substring(0, 8);
  private final Path folder;
  private final Children children = new Children();
  private final FreePorts ports = new FreePorts();
  private volatile boolean keepFolder;

  /**
   * A new run with an empty folder.
   *
   * @throws IOException if the folder for temporary files cannot be written or has too little room
   */
  public Run() throws IOException {
    Path parent = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
    if (!Files.isDirectory(parent) || !Files.isWritable(parent)) {
      throw new IOException(parent + " cannot be written: set TMPDIR to a folder that can");
    }
    long free = Files.getFileStore(parent).getUsableSpace();
    if (free < ROOM_BYTES) {
      throw new IOException(
          "%d MiB must be free in %s, but only %d MiB are: set TMPDIR to another folder"
              .formatted(ROOM_BYTES >> 20, parent, free >> 20));
    }
    folder = Files.createTempDirectory(parent, "warren-" + cluster + "-");
  }

  /** The name of the cluster. */
  public String cluster() {
    return cluster;
  }

  /** The folder of logs and data. */
  public Path folder() {
    return folder;
  }

  /** The processes of this run. */
  public Children children() {
    return children;
  }

  /** A free port. */
  int port() throws IOException {
    return ports.next();
  }

  /**
   * Leaves the folder where it is if there are logs in it, because somebody will want to read them.
   *
   * @return whether there are logs
   */
  public boolean keepLogs() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      keepFolder = files.anyMatch(file -> file.toString().endsWith(LOG_SUFFIX));
    }
    return keepFolder;
  }

  /** Starts a JVM of this same Java and class path; its standard error is appended to a log. */
  public Process java(String name, Class<?> main, List<String> options, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(QUICK_START);
    command.addAll(options);
    command.add("-Djava.io.tmpdir=" + folder); // what a killed process leaves goes with the run
    command.addAll(List.of("-Ddemo.level=INFO", "-Ddemo.level.others=WARN", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log(name).toFile()));
    return children.start(builder);
  }

  /** Where a process of that name writes its log. */
  public Path log(String name) {
    return folder.resolve(name + LOG_SUFFIX);
  }

  /** Ends all processes and removes the folder. */
  @Override
  public void close() throws IOException {
    children.close();
    if (keepFolder || !Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
