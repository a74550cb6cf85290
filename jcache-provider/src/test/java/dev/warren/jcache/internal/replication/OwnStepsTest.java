// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.jcache.internal.operation.Lifecycle;
import dev.warren.jcache.internal.store.KeyLocks;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OwnStepsTest {

  private final KeyLocks<String> locks = new KeyLocks<>("c");
  private final Lifecycle lifecycle = new Lifecycle("c");
  private final OwnSteps<String> steps = new OwnSteps<>(locks, lifecycle, false);

  /** Whatever a step did, it is not counted any more: all keys can be had. */
  @AfterEach
  void excludeAll() {
    try (KeyLocks.Hold all = locks.tryExcludeAll(5_000)) {
      assertThat(all).isNotNull();
    }
  }

  @Test
  void begin_openCache_untilItEnds() {
    assertThat(steps.begin()).isTrue();
    CompletableFuture<Boolean> excluded =
        CompletableFuture.supplyAsync(() -> locks.tryExcludeAll(10) != null);
    assertThat(excluded.join()).as("all keys while a step is under way").isFalse();
    steps.end();
  }

  @Test
  void begin_allKeysExcluded_mustNot() {
    KeyLocks.Hold all = locks.excludeAll();
    assertThat(steps.begin()).isFalse();
    all.close();
    assertThat(steps.begin()).isTrue();
    steps.end();
  }

  @Test
  void begin_closingCache_mustNot() {
    assertThat(lifecycle.beginClosing()).isTrue();
    assertThat(steps.begin()).isFalse();
  }

  @Test
  void begin_refusedCache_mustNot() {
    lifecycle.refuse("another mode stands");
    assertThat(steps.begin()).isFalse();
  }

  @Test
  void begin_acknowledgedCache_mustNot() {
    assertThat(new OwnSteps<>(locks, lifecycle, true).begin()).isFalse();
  }

  @Test
  void isInUse_keyOfAHolder() {
    try (KeyLocks.Hold hold = locks.lock("k")) {
      assertThat(steps.isInUse("k")).isTrue();
      assertThat(steps.isInUse("l")).isFalse();
    }
    assertThat(steps.isInUse("k")).isFalse();
  }
}
