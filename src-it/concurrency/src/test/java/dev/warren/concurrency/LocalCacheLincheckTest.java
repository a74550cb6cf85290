// SPDX-License-Identifier: Apache-2.0
package dev.warren.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A local cache is linearizable: whatever threads see of it they could have seen one operation
 * after the other, each at some moment between its call and its return, time included.
 *
 * <p>Lincheck makes scenarios of random operations, runs each many times, and looks for such an
 * order. In stress mode threads run freely and reordering by the hardware counts; in model checking
 * mode Lincheck switches threads itself, at each access to shared memory, so that what it finds it
 * shows step by step. Its scenarios are the same in each run.
 *
 * <p>Time stands still while an operation runs, else it moves at any moment ({@code advance}): an
 * entry may have expired when two threads meet at it.
 */
class LocalCacheLincheckTest {
  private static final int EFFORT = Integer.getInteger("warren.proof.effort", 1);

  /** A cache to search, and what it should be like. */
  enum Variant {
    PLAIN(Variants.Plain.class, Model.class),
    ONE_KEY(Variants.OneKey.class, Model.OneKey.class),
    WRITING(Variants.Writing.class, Model.OneKey.class),
    LISTENED(Variants.Listened.class, Model.OneKey.class),
    BOUNDED(Variants.Bounded.class, Model.class),
    EXPIRING_SINCE_CREATION(Variants.ExpiringSinceCreation.class, Model.Created.class),
    EXPIRING_SINCE_TOUCH(Variants.ExpiringSinceTouch.class, Model.Touched.class);

    final Class<?> cache;
    final Class<?> model;

    Variant(Class<?> cache, Class<?> model) {
      this.cache = cache;
      this.model = model;
    }

    void check(Options<?, ?> options) {
      options.actorsBefore(1).actorsAfter(1).sequentialSpecification(model).check(cache);
    }
  }

  @ParameterizedTest
  @EnumSource
  void operations_stress_areLinearizable(Variant variant) {
    variant.check(
        new StressOptions()
            .iterations(5 * EFFORT)
            .invocationsPerIteration(200)
            .threads(2)
            .actorsPerThread(3));
  }

  @Test
  void operations_stressOfAFullCache_areLinearizableButForEvictions() {
    new StressOptions()
        .iterations(10 * EFFORT)
        .invocationsPerIteration(200)
        .threads(2)
        .actorsPerThread(3)
        .actorsBefore(2)
        .actorsAfter(2)
        .sequentialSpecification(Model.class)
        .verifier(EvictingVerifier.class)
        .check(Variants.Full.class);

    assertThat(EvictingVerifier.evictions()).isPositive();
  }

  /** Model checking takes its time: the slice has but the cache on which all others stand. */
  static Stream<Variant> modelChecked() {
    return EFFORT == 1 ? Stream.of(Variant.ONE_KEY) : Stream.of(Variant.values());
  }

  @ParameterizedTest
  @MethodSource("modelChecked")
  void operations_modelChecking_areLinearizable(Variant variant) {
    variant.check(
        new ModelCheckingOptions()
            .iterations(EFFORT)
            .loopBound(10_000) // more than the slots of the expiry wheel
            .invocationsPerIteration(100)
            .threads(2)
            .actorsPerThread(2));
  }
}
