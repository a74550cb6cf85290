// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

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
    assertThat(failing.onCreation(100)).isEqualTo(ExpiryTimes.NEVER);
    assertThat(failing.onAccess(100)).isEqualTo(ExpiryTimes.UNCHANGED);
    assertThat(failing.onUpdate(100)).isEqualTo(ExpiryTimes.UNCHANGED);
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
