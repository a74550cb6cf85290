// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.Closeable;
import java.util.concurrent.TimeUnit;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ExpiryTimesTest {
  @Test
  void onCreation_duration_isAddedToNow() {
    assertThat(created(new Duration(TimeUnit.SECONDS, 2)).onCreation(100)).isEqualTo(2_100);
  }

  @Test
  void onCreation_hugeDuration_isNever() {
    assertThat(created(new Duration(TimeUnit.DAYS, Long.MAX_VALUE)).onCreation(100))
        .isEqualTo(ExpiryTimes.NEVER);
  }

  @Test
  void onCreation_zero_isExpiredAtOnce() {
    assertThat(ExpiryTimes.isExpired(created(Duration.ZERO).onCreation(100), 100)).isTrue();
  }

  @Test
  void onCreation_null_isNever() {
    ExpiryTimes noOpinion = new ExpiryTimes(new NoOpinion());
    assertThat(noOpinion.onCreation(100)).isEqualTo(ExpiryTimes.NEVER);
  }

  @Test
  void onAccess_noOpinion_isUnchanged() {
    ExpiryTimes eternal = new ExpiryTimes(new EternalExpiryPolicy());
    assertThat(eternal.onAccess(100)).isEqualTo(ExpiryTimes.UNCHANGED);
    assertThat(eternal.onUpdate(100)).isEqualTo(ExpiryTimes.UNCHANGED);
  }

  @Test
  void all_failingPolicy_countAsNoOpinion() {
    ExpiryTimes failing =
        new ExpiryTimes(
            new ExpiryPolicy() {
              @Override
              public Duration getExpiryForCreation() {
                throw new IllegalStateException("planned");
              }

              @Override
              public Duration getExpiryForAccess() {
                throw new IllegalStateException("planned");
              }

              @Override
              public Duration getExpiryForUpdate() {
                throw new IllegalStateException("planned");
              }
            });
    Logger logger = (Logger) LoggerFactory.getLogger(ExpiryTimes.class);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    logger.addAppender(logged);
    try {
      assertThat(failing.onCreation(100)).isEqualTo(ExpiryTimes.NEVER);
      assertThat(failing.onAccess(100)).isEqualTo(ExpiryTimes.UNCHANGED);
      assertThat(failing.onUpdate(100)).isEqualTo(ExpiryTimes.UNCHANGED);
    } finally {
      logger.detachAppender(logged);
    }
    assertThat(logged.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .satisfiesExactly(
            line -> assertThat(line).startsWith("WRN-0110 getExpiryForCreation"),
            line -> assertThat(line).startsWith("WRN-0110 getExpiryForAccess"),
            line -> assertThat(line).startsWith("WRN-0110 getExpiryForUpdate"));
  }

  @Test
  void onAccessAndUpdate_duration_isAddedToNow() {
    Duration duration = new Duration(TimeUnit.SECONDS, 2);
    assertThat(new ExpiryTimes(new AccessedExpiryPolicy(duration)).onAccess(100)).isEqualTo(2_100);
    assertThat(new ExpiryTimes(new ModifiedExpiryPolicy(duration)).onUpdate(100)).isEqualTo(2_100);
  }

  @Test
  void onUpdate_eternal_isNever() {
    assertThat(new ExpiryTimes(new ModifiedExpiryPolicy(Duration.ETERNAL)).onUpdate(100))
        .isEqualTo(ExpiryTimes.NEVER);
  }

  @Test
  void canExpire_eternalPolicyOfJCacheItself_isFalse() {
    assertThat(new ExpiryTimes(new EternalExpiryPolicy()).canExpire()).isFalse();
    assertThat(created(Duration.ONE_DAY).canExpire()).isTrue();
    assertThat(new ExpiryTimes(new NoOpinion()).canExpire()).isTrue();
  }

  @Test
  void isForeign_usersPolicy_isTrue() {
    assertThat(created(Duration.ONE_DAY).isForeign()).isFalse();
    assertThat(new ExpiryTimes(new NoOpinion()).isForeign()).isTrue();
  }

  @Test
  void close_closeablePolicy_isClosed() throws Exception {
    Closing policy = new Closing();
    new ExpiryTimes(policy).close();
    assertThat(policy.closed).isTrue();
    new ExpiryTimes(new NoOpinion()).close();
  }

  private static final class Closing implements ExpiryPolicy, Closeable {
    private boolean closed;

    @Override
    public void close() {
      closed = true;
    }

    @Override
    public Duration getExpiryForCreation() {
      return Duration.ETERNAL;
    }

    @Override
    public @Nullable Duration getExpiryForAccess() {
      return null;
    }

    @Override
    public @Nullable Duration getExpiryForUpdate() {
      return null;
    }
  }

  private static ExpiryTimes created(Duration duration) {
    return new ExpiryTimes(new CreatedExpiryPolicy(duration));
  }

  private static final class NoOpinion implements ExpiryPolicy {
    @Override
    public @Nullable Duration getExpiryForCreation() {
      return null;
    }

    @Override
    public @Nullable Duration getExpiryForAccess() {
      return null;
    }

    @Override
    public @Nullable Duration getExpiryForUpdate() {
      return null;
    }
  }
}
