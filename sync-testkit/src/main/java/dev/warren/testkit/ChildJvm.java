// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A main class in a JVM of its own, on the JDK and the class path of the test, which is gone when
 * this is closed. It is talked to by lines on its standard input and output; what it says on
 * standard error is kept. Whatever is waited for fails after 60 s and tells what the child said.
 */
public final class ChildJvm implements AutoCloseable {
  /** Exit status of a process that SIGKILL ended: 128 + 9. */
  public static final int KILLED = 137;

  private static final long PATIENCE_SECONDS = 60;

  private final String name;
  private final Process process;
  private final PrintStream requests;
  private final BlockingQueue<Line> output = new LinkedBlockingQueue<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private final Thread outputReader;
  private final Thread errorReader;

  /** A line of standard output; null text at its end. */
  private record Line(@Nullable String text) {}

  /**
   * Starts {@code main}.
   *
   * @throws UncheckedIOException if no process can be started
   */
  public ChildJvm(Class<?> main, String... arguments) {
    this(main, List.of(), entry -> true, arguments);
  }

  /**
   * Starts {@code main}.
   *
   * @param options of the JVM
   * @param classPath which entries of the test's class path the child gets
   * @throws UncheckedIOException if no process can be started
   */
  public ChildJvm(
      Class<?> main, List<String> options, Predicate<String> classPath, String... arguments) {
    name = main.getSimpleName();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-cp", classPath(classPath)));
    command.addAll(options);
    command.add(main.getName());
    command.addAll(List.of(arguments));
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      // A JVM says on standard error that it picked these up.
      builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS"));
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    outputReader =
        reader(process.inputReader(StandardCharsets.UTF_8), text -> output.add(new Line(text)));
    errorReader =
        reader(
            process.errorReader(StandardCharsets.UTF_8),
            text -> {
              if (text != null) {
                errors.add(text);
              }
            });
  }

  private static String classPath(Predicate<String> wanted) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(wanted)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private interface Lines {
    void take(@Nullable String text);
  }

  private Thread reader(BufferedReader from, Lines to) {
    Thread thread =
        new Thread(
            () -> {
              try (from) {
                for (String line = from.readLine(); line != null; line = from.readLine()) {
                  to.take(line);
                }
              } catch (IOException e) {
                // closed with its process: as good as its end
              } finally {
                to.take(null);
              }
            },
            "test-child-" + name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** The rest of the next line that begins with {@code word}; null if the output ends first. */
  public @Nullable String await(String word) {
    return await(word, PATIENCE_SECONDS, passed -> {});
  }

  private @Nullable String await(String word, long seconds, Consumer<String> other) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    List<String> passed = new ArrayList<>();
    try {
      while (true) {
        Line line = output.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (line == null) {
          throw failure("did not say \"" + word + "\" within " + seconds + " s, but " + passed);
        }
        String text = line.text();
        if (text == null) {
          output.add(line);
          return null;
        }
        if (text.startsWith(word + " ") || text.equals(word)) {
          return text.substring(word.length()).trim();
        }
        passed.add(text);
        other.accept(text);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("was waited for, but the wait was interrupted");
    }
  }

  /** As {@link #await}, and fails if the output ends first. */
  public String expect(String word) {
    return expect(word, PATIENCE_SECONDS, passed -> {});
  }

  /** As {@link #expect(String)}, within so long; {@code other} takes the lines before that one. */
  public String expect(String word, long seconds, Consumer<String> other) {
    String rest = await(word, seconds, other);
    if (rest == null) {
      throw failure("ended with status " + exitStatus() + " before it said \"" + word + '"');
    }
    return rest;
  }

  /** Sends a line to its standard input. */
  public void say(String line) {
    requests.println(line);
  }

  /** SIGKILL; returns the exit status. What the child said before can still be read. */
  public int kill() {
    process.toHandle().destroyForcibly(); // Process.destroyForcibly closes the pipes too
    return exitStatus();
  }

  /** SIGSTOP: it stands still and keeps its sockets. {@link #resume} ends it. */
  public void pause() {
    StopSignal.stop(process.pid());
  }

  /** SIGCONT. */
  public void resume() {
    StopSignal.resume(process.pid());
  }

  /** Waits for its end. */
  public int exitStatus() {
    return exitStatus(PATIENCE_SECONDS);
  }

  /** Waits for its end at most so long. */
  public int exitStatus(long seconds) {
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        throw failure("did not end within " + seconds + " s");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("was waited for, but the wait was interrupted");
    }
  }

  public long pid() {
    return process.pid();
  }

  /** What it has said on standard error; all of it, once it has ended. */
  public String errors() {
    try {
      if (!process.isAlive()) {
        errorReader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return String.join("\n", errors);
  }

  private AssertionError failure(String what) {
    return new AssertionError(name + " " + what + "; standard error:\n" + errors());
  }

  /** Kills it if it still runs. */
  @Override
  public void close() {
    process.destroyForcibly();
    exitStatus();
    try {
      outputReader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    requests.close();
  }
}
