// SPDX-License-Identifier: Apache-2.0
package dev.warren.concurrency;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.concurrency.jcstress.PutAndInvoke;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs JCStress, which has JVMs of its own, each with another mixture of compilers. */
class LocalCacheJcstressTest {

  /** What a short run shows; and the one race for which it takes a longer one. */
  private static final List<String> SLICE =
      List.of("-m sanity", "-m quick -sc false -t " + PutAndInvoke.class.getName());

  private static final List<String> DEEP = List.of("-m default");

  static List<String> runs() {
    return Integer.getInteger("warren.proof.effort", 1) == 1 ? SLICE : DEEP;
  }

  @ParameterizedTest
  @MethodSource("runs")
  void outcomes_asJcstressSees_areNeverForbidden(String options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("org.openjdk.jcstress.Main");
    command.addAll(Arrays.asList(options.split(" ")));
    Path folder = Files.createDirectories(Path.of("target", "jcstress").toAbsolutePath());
    Process jcstress =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String said = new String(jcstress.getInputStream().readAllBytes(), UTF_8);

    assertThat(jcstress.waitFor()).as(said).isEqualTo(0);
    assertThat(said)
        .containsPattern("Results: (\\d+) planned; \\1 passed, 0 failed, 0 soft errs, 0");
  }
}
