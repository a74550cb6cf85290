// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.expiry;

import java.io.Closeable;
import java.io.IOException;
import java.util.Set;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the durations of a cache's {@link ExpiryPolicy} into absolute times in ms since 1970 UTC.
 *
 * <p>A policy is asked after the writer has run, when failing would leave the external store and
 * the cache unequal; so a policy that throws is logged and counts as one without an opinion:
 * eternal for creation, unchanged for access and update (the reference implementation does the
 * same).
 */
public final class ExpiryTimes implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(ExpiryTimes.class);

  /** The time of an entry that never expires. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Answer of {@link #onAccess} and {@link #onUpdate}: the expiry time stays what it is. */
  public static final long UNCHANGED = Long.MIN_VALUE;

  private static final Set<Class<? extends ExpiryPolicy>> STANDARD =
      Set.of(
          AccessedExpiryPolicy.class,
          CreatedExpiryPolicy.class,
          EternalExpiryPolicy.class,
          ModifiedExpiryPolicy.class,
          TouchedExpiryPolicy.class);

  private final ExpiryPolicy policy;
  private final boolean foreign;
  private final boolean canExpire;
  private final boolean asksOnAccess;

  public ExpiryTimes(ExpiryPolicy policy) {
    this.policy = policy;
    this.foreign = !STANDARD.contains(policy.getClass());
    this.canExpire = foreign || !(policy instanceof EternalExpiryPolicy);
    this.asksOnAccess = foreign || policy.getExpiryForAccess() != null;
  }

  /** True if asking the policy runs the user's code; JCache's own policies only hold durations. */
  public boolean isForeign() {
    return foreign;
  }

  /** False if no entry will ever expire. */
  public boolean canExpire() {
    return canExpire;
  }

  /** False if {@link #onAccess} is always {@link #UNCHANGED}. */
  public boolean asksOnAccess() {
    return asksOnAccess;
  }

  /** Expiry of a new entry; {@code nowMillis} or less means that it must not be stored at all. */
  public long onCreation(long nowMillis) {
    try {
      Duration duration = policy.getExpiryForCreation();
      return duration == null ? NEVER : after(nowMillis, duration);
    } catch (Throwable e) {
      warn("getExpiryForCreation", "the entry never expires", e);
      return NEVER;
    }
  }

  /** Expiry of an entry that was read, or {@link #UNCHANGED}. */
  public long onAccess(long nowMillis) {
    try {
      return afterOrUnchanged(nowMillis, policy.getExpiryForAccess());
    } catch (Throwable e) {
      warn("getExpiryForAccess", "the expiry time is unchanged", e);
      return UNCHANGED;
    }
  }

  /** Expiry of an entry whose value was replaced, or {@link #UNCHANGED}. */
  public long onUpdate(long nowMillis) {
    try {
      return afterOrUnchanged(nowMillis, policy.getExpiryForUpdate());
    } catch (Throwable e) {
      warn("getExpiryForUpdate", "the expiry time is unchanged", e);
      return UNCHANGED;
    }
  }

  public static boolean isExpired(long expiryMillis, long nowMillis) {
    return expiryMillis <= nowMillis;
  }

  @Override
  public void close() throws IOException {
    if (policy instanceof Closeable closeable) {
      closeable.close();
    }
  }

  private static long afterOrUnchanged(long nowMillis, @Nullable Duration duration) {
    return duration == null ? UNCHANGED : after(nowMillis, duration);
  }

  private static long after(long nowMillis, Duration duration) {
    if (duration.isEternal()) {
      return NEVER;
    }
    long millis = duration.getTimeUnit().toMillis(duration.getDurationAmount());
    long sum = nowMillis + millis;
    return sum < nowMillis ? NEVER : sum;
  }

  private static void warn(String method, String effect, Throwable e) {
    LOG.warn("WRN-0110 {} of the expiry policy failed: {}", method, effect, e);
  }
}
