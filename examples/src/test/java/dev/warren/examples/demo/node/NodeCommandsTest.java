// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.examples.demo.data.ZoneTransition;
import dev.warren.examples.demo.wire.Line;
import dev.warren.jcache.api.WarrenCache;
import dev.warren.jcache.api.WarrenHealth;
import java.lang.reflect.Proxy;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;

class NodeCommandsTest {

  private final NodeCommands commands =
      new NodeCommands(
          new NodeCaches(
              NodeCommandsTest.<ZoneTransition>failing(),
              NodeCommandsTest.<String>failing(),
              failing(WarrenHealth.class),
              () -> {}));

  @Test
  void answer_unknownVerb_isAnError() throws InterruptedException {
    assertThat(commands.answer(Line.of("dance"), line -> {}))
        .isEqualTo(Line.of(Line.ERROR).with("message", "this node does not know 'dance'"));
  }

  @Test
  void answer_missingField_isAnError() throws InterruptedException {
    assertThat(commands.answer(Line.of("check"), line -> {}).text("message"))
        .contains("check", "needs a field 'edition'");
  }

  @Test
  void answer_cacheFails_tellsTheCauses() throws InterruptedException {
    assertThat(commands.answer(Line.of("get").with("key", "de/CHF"), line -> {}).text("message"))
        .isEqualTo("get: CacheException: no <- IllegalStateException: because");
  }

  @Test
  void answer_stopWithoutWriter_isAnError() throws InterruptedException {
    assertThat(commands.answer(Line.of("write-stop"), line -> {}).verb()).isEqualTo(Line.ERROR);
  }

  @SuppressWarnings("unchecked") // nothing is ever returned
  private static <V> WarrenCache<String, V> failing() {
    return (WarrenCache<String, V>) failing(WarrenCache.class);
  }

  private static <T> T failing(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            NodeCommandsTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              throw new CacheException("no", new IllegalStateException("because"));
            }));
  }
}
