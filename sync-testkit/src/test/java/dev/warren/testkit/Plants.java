// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import dev.warren.sync.Batch;
import dev.warren.sync.Bytes;
import dev.warren.sync.Event;
import dev.warren.sync.replica.Applied;
import dev.warren.sync.replica.LogEntry;
import dev.warren.sync.replica.Member;
import dev.warren.sync.replica.Outcome;
import dev.warren.sync.replica.ReplicaState;
import dev.warren.sync.replica.Stripes;
import dev.warren.sync.replica.Verdict;
import java.lang.reflect.Field;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * What {@link PlantedBug} puts into methods: the bodies below are copied to their beginning or end,
 * where an assignment to a parameter changes what the method was given, or gives.
 */
@SuppressWarnings({"unused", "UnusedVariable", "ParameterCanBeLocal"})
public final class Plants {
  private Plants() {}

  /** A batch that leaves a hole is taken as if there were none. */
  static final class BeyondNext {
    @Advice.OnMethodExit
    static void exit(@Advice.Argument(0) Batch batch, @Advice.Return(readOnly = false) long last) {
      if (batch.firstSequence() > last + 1) {
        last = batch.firstSequence() - 1;
      }
    }
  }

  /** A batch that was applied before is applied again. */
  static final class Duplicate {
    @Advice.OnMethodExit
    static void exit(@Advice.Argument(0) Batch batch, @Advice.Return(readOnly = false) long last) {
      if (batch.lastSequence() <= last) {
        last = batch.firstSequence() - 1;
      }
    }
  }

  static final class OtherEpoch {
    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) Verdict verdict) {
      if (verdict == Verdict.OTHER_EPOCH) {
        verdict = Verdict.APPLIED;
      }
    }
  }

  static final class NoBatches {
    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) List<Batch> batches) {
      batches = List.of();
    }
  }

  static final class AnyPut {
    @Advice.OnMethodExit
    static void exit(
        @Advice.Argument(0) Event.KeyEvent event, @Advice.Return(readOnly = false) boolean holds) {
      if (event instanceof Event.Put) {
        holds = true;
      }
    }
  }

  static final class AnyFill {
    @Advice.OnMethodExit
    static void exit(
        @Advice.Argument(0) Event.KeyEvent event,
        @Advice.Argument(1) @Nullable LogEntry entry,
        @Advice.Return(readOnly = false) boolean holds) {
      if (event instanceof Event.Fill && entry == null) {
        holds = true;
      }
    }
  }

  static final class AnyTouch {
    @Advice.OnMethodExit
    static void exit(
        @Advice.Argument(0) Event.KeyEvent event,
        @Advice.Argument(1) @Nullable LogEntry entry,
        @Advice.Return(readOnly = false) boolean holds) {
      if (event instanceof Event.Touch && entry != null) {
        holds = true;
      }
    }
  }

  static final class AnyExpiry {
    @Advice.OnMethodExit
    static void exit(
        @Advice.Argument(0) Event.KeyEvent event,
        @Advice.Argument(1) @Nullable LogEntry entry,
        @Advice.Return(readOnly = false) boolean holds) {
      if (event instanceof Event.Expire expire
          && entry != null
          && entry.writePosition() == expire.expected()) {
        holds = true;
      }
    }
  }

  static final class StripeStays {
    @Advice.OnMethodEnter
    static long enter(
        @Advice.Argument(2) Event.KeyEvent event, @Advice.FieldValue("stripes") Stripes stripes) {
      return stripes.at(event.key());
    }

    @Advice.OnMethodExit
    static void exit(
        @Advice.Argument(2) Event.KeyEvent event,
        @Advice.FieldValue("stripes") Stripes stripes,
        @Advice.Enter long before,
        @Advice.Return Applied applied) {
      if (applied.outcome() == Outcome.INEFFECTIVE) {
        Plants.moveBack(stripes, event.key(), before);
      }
    }
  }

  /** Called from where it was put, so public. */
  public static void moveBack(Stripes stripes, Bytes key, long position) {
    try {
      Field positions = Stripes.class.getDeclaredField("positions");
      positions.setAccessible(true);
      ((long[]) positions.get(stripes))[key.hashCode() & (Stripes.COUNT - 1)] = position;
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the stripe table is another", e);
    }
  }

  /** The method does nothing. */
  static final class Skipped {
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter() {
      return true;
    }
  }

  static final class AlwaysEffective {
    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) Outcome outcome) {
      outcome = Outcome.EFFECTIVE;
    }
  }

  static final class False {
    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) boolean is) {
      is = false;
    }
  }

  /** The head of a cut names the record behind the one up to which the cut reaches. */
  static final class OneRecordAhead {
    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) ReplicaState state) {
      state =
          new ReplicaState(
              state.epoch(),
              state.offset() + 1,
              state.count(),
              state.sum(),
              state.truncated(),
              state.sequences(),
              state.previous(),
              state.view(),
              state.caches(),
              state.open());
    }
  }

  static final class NotHeard {
    @Advice.OnMethodExit
    static void exit(@Advice.This Member member, @Advice.Return(readOnly = false) Member heard) {
      heard = member;
    }
  }

  static final class Everything {
    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(value = 0, readOnly = false) long position) {
      position = Long.MAX_VALUE;
    }
  }
}
