// SPDX-License-Identifier: Apache-2.0
package dev.warren.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.testkit.ChildJvm;
import dev.warren.testkit.Ports;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** {@code warren.log = embedded:} through the JCache API, in JVMs of their own. */
@NullMarked
class EmbeddedLogIT {
  private static final Duration SOON = Duration.ofSeconds(90);

  private static void put(ChildJvm node, String key, String value) throws Exception {
    node.say("put " + key + " " + value);
    assertThat(node.await("done")).isNotNull();
  }

  private static void awaitValue(ChildJvm node, String key, String value) {
    await(key + " = " + value)
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              node.say("get " + key);
              return value.equals(node.await("is"));
            });
  }

  @Test
  void put_twoJvms_seeEachOtherAlsoAfterTheOneWithTheBrokerIsKilled() throws Exception {
    String log = "embedded:?port=" + Ports.free();
    String cluster = "c" + UUID.randomUUID();
    try (ChildJvm first = new ChildJvm(CacheNode.class, log, cluster)) {
      assertThat(first.await("open")).isNotNull();
      put(first, "a", "1");
      try (ChildJvm second = new ChildJvm(CacheNode.class, log, cluster)) {
        assertThat(second.await("open")).isNotNull();
        awaitValue(second, "a", "1");
        put(second, "b", "2");
        awaitValue(first, "b", "2");
        put(first, "x", "1"); // behind what makes the second ready
        awaitValue(second, "x", "1");

        first.kill();

        put(second, "c", "3");
        try (ChildJvm third = new ChildJvm(CacheNode.class, log, cluster)) {
          assertThat(third.await("open")).isNotNull();
          awaitValue(third, "a", "1"); // from the second's memory: the log was lost
          awaitValue(third, "c", "3");
          put(third, "a", "4");
          awaitValue(second, "a", "4");
        }
      }
    }
  }
}
