// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.warren.jcache.api.Weigher;
import dev.warren.jcache.internal.copy.Copier;
import java.io.Closeable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class WeighingTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(Weighing.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @BeforeEach
  void listen() {
    logged.start();
    logger.addAppender(logged);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(logged);
  }

  private static Weighing<String, Integer> weighing(Weigher<String, Integer> weigher) {
    return new Weighing<>("cache", weigher, Copier.BY_REFERENCE);
  }

  @Test
  void applyAsInt_nothingOrMore_isTheWeight() {
    assertThat(weighing((key, value) -> value).applyAsInt("k", 7)).isEqualTo(7);
    assertThat(weighing((key, value) -> value).applyAsInt("k", 0)).isZero();
    assertThat(logged.list).isEmpty();
  }

  @Test
  void applyAsInt_lessThanNothing_isOneAndLogged() {
    assertThat(weighing((key, value) -> value).applyAsInt("k", -1)).isEqualTo(1);
    assertThat(logged.list)
        .singleElement()
        .satisfies(
            line -> assertThat(line.getFormattedMessage()).startsWith("WRN-0118").contains("-1"));
  }

  @Test
  void applyAsInt_weigherThrows_isOneAndLogged() {
    Weighing<String, Integer> failing =
        weighing(
            (key, value) -> {
              throw new IllegalStateException("planned");
            });
    assertThat(failing.applyAsInt("k", 7)).isEqualTo(1);
    assertThat(logged.list)
        .singleElement()
        .satisfies(line -> assertThat(line.getFormattedMessage()).startsWith("WRN-0118"));
  }

  @Test
  void close_closeableWeigher_isClosed() throws Exception {
    class Closing implements Weigher<String, Integer>, Closeable {
      private boolean closed;

      @Override
      public int weigh(String key, Integer value) {
        return 1;
      }

      @Override
      public void close() {
        closed = true;
      }
    }
    Closing weigher = new Closing();
    weighing(weigher).close();
    assertThat(weigher.closed).isTrue();
  }
}
