// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A main class in a JVM of its own, which is gone when this is closed. */
public final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;
  private final BufferedWriter in;

  /** Starts {@code main} on the class path of this JVM; its standard error is this one's. */
  public ChildJvm(Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    out = process.inputReader(StandardCharsets.UTF_8);
    in = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** The rest of the next line that begins with {@code word}; null if the output ends first. */
  public @Nullable String await(String word) throws IOException {
    String line;
    while ((line = out.readLine()) != null) {
      if (line.startsWith(word + " ") || line.equals(word)) {
        return line.substring(word.length()).trim();
      }
    }
    return null;
  }

  /** Writes a line to the child's standard input. */
  public void say(String line) throws IOException {
    in.write(line + "\n");
    in.flush();
  }

  /** SIGKILL; returns the exit status. What the child said before can still be read. */
  public int kill() throws InterruptedException {
    process.toHandle().destroyForcibly(); // Process.destroyForcibly closes the pipe too
    return exitStatus();
  }

  /** Waits a minute for the end. */
  public int exitStatus() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("the child did not end within 60 s");
    }
    return process.exitValue();
  }

  @Override
  public void close() throws InterruptedException, IOException {
    process.destroyForcibly();
    exitStatus();
    out.close();
  }
}
