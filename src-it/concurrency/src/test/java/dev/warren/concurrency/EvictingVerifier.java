// SPDX-License-Identifier: Apache-2.0
package dev.warren.concurrency;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.execution.HBClock;
import org.jetbrains.kotlinx.lincheck.execution.ResultWithClock;
import org.jetbrains.kotlinx.lincheck.util.LincheckResult;
import org.jetbrains.kotlinx.lincheck.util.ValueResult;
import org.jetbrains.kotlinx.lincheck.util.VoidResult;
import org.jetbrains.lincheck.datastructures.verifier.CachedVerifier;
import org.jspecify.annotations.Nullable;

/**
 * Linearizable, but for this: an entry may vanish at any moment between two operations, and a read
 * may miss one that is there. So a cache that is full may answer; what it may not is give a value
 * that was never there or is there no more, or do half of an operation.
 *
 * <p>Why reads miss: eviction takes no key's lock. It may come between the look of a {@code
 * replace} and its store, which then makes the entry anew; who reads without a lock in between
 * finds nothing. Whoever changes the key waits for the lock, and sees the whole {@code replace} or
 * nothing of it.
 *
 * <p>Lincheck's own verifier takes a model that has one answer to each operation. This one asks
 * {@link Model} for all, with the operation's entry evicted just before it and without, and
 * searches all orders which the clocks of the operations allow. An entry that vanishes earlier, or
 * whose key nobody asks for, makes no difference. There are some thousand ways at most, and a wrong
 * answer ends each early.
 */
public final class EvictingVerifier extends CachedVerifier {
  private static final AtomicLong EVICTIONS = new AtomicLong();

  /** Lincheck hands over the sequential specification. */
  public EvictingVerifier(Class<?> model) {
    if (model != Model.class) {
      throw new IllegalArgumentException("made for " + Model.class + ", not for " + model);
    }
  }

  /** How many results could not be explained but by an eviction. */
  static long evictions() {
    return EVICTIONS.get();
  }

  /** An operation and what it gave; {@code clock} tells what had ended when it began. */
  private record Done(Actor actor, LincheckResult result, @Nullable HBClock clock) {}

  /** What an operation meets. */
  private enum Meets {
    THE_ENTRY,
    /** It was evicted just before. */
    ITS_EVICTION,
    /** Nothing, for this one read. */
    A_GAP
  }

  private static final Set<String> READS = Set.of("get", "getAll", "containsKey");

  /** An operation at its place in the order. */
  private record Step(Done done, Meets meets) {}

  @Override
  public boolean verifyResultsImpl(ExecutionScenario scenario, ExecutionResult results) {
    Search search = new Search(scenario, results);
    if (search.withEvictions(false)) {
      return true;
    }
    boolean explained = search.withEvictions(true);
    if (explained) {
      EVICTIONS.incrementAndGet();
    }
    return explained;
  }

  private static final class Search {
    private final List<Done> before;
    private final List<List<Done>> threads = new ArrayList<>();
    private final List<Done> after;
    private final int[] next;
    private boolean evicting;

    Search(ExecutionScenario scenario, ExecutionResult results) {
      before = sequential(scenario.getInitExecution(), results.getInitResults());
      after = sequential(scenario.getPostExecution(), results.getPostResults());
      for (int t = 0; t < scenario.getParallelExecution().size(); t++) {
        List<Actor> actors = scenario.getParallelExecution().get(t);
        List<ResultWithClock> given = results.getParallelResultsWithClock().get(t);
        List<Done> thread = new ArrayList<>();
        for (int i = 0; i < actors.size(); i++) {
          ResultWithClock result = given.get(i);
          thread.add(new Done(actors.get(i), result.getResult(), result.getClockOnStart()));
        }
        threads.add(thread);
      }
      next = new int[threads.size()];
    }

    private static List<Done> sequential(List<Actor> actors, List<LincheckResult> results) {
      List<Done> all = new ArrayList<>();
      for (int i = 0; i < actors.size(); i++) {
        all.add(new Done(actors.get(i), results.get(i), null));
      }
      return all;
    }

    boolean withEvictions(boolean allowed) {
      evicting = allowed;
      return line(before, 0, new ArrayList<>(), false);
    }

    /** The operations before, or after, those that ran side by side. */
    private boolean line(List<Done> part, int index, List<Step> path, boolean isLast) {
      if (index == part.size()) {
        return isLast || parallel(path);
      }
      return attempt(part.get(index), path, () -> line(part, index + 1, path, isLast));
    }

    private boolean parallel(List<Step> path) {
      boolean isOver = true;
      for (int t = 0; t < next.length; t++) {
        List<Done> thread = threads.get(t);
        if (next[t] == thread.size()) {
          continue;
        }
        isOver = false;
        Done done = thread.get(next[t]);
        if (!isNext(done)) {
          continue;
        }
        next[t]++;
        boolean explained = attempt(done, path, () -> parallel(path));
        next[t]--;
        if (explained) {
          return true;
        }
      }
      return isOver && line(after, 0, path, true);
    }

    /** All that had ended when it began must stand before it. */
    private boolean isNext(Done done) {
      HBClock clock = Objects.requireNonNull(done.clock);
      for (int t = 0; t < next.length; t++) {
        if (next[t] < clock.get(t)) {
          return false;
        }
      }
      return true;
    }

    private boolean attempt(Done done, List<Step> path, java.util.function.BooleanSupplier rest) {
      for (Meets meets : Meets.values()) {
        if (!isPossible(done, meets)) {
          continue;
        }
        path.add(new Step(done, meets));
        boolean explained = isExplained(path) && rest.getAsBoolean();
        path.remove(path.size() - 1);
        if (explained) {
          return true;
        }
      }
      return false;
    }

    private boolean isPossible(Done done, Meets meets) {
      return switch (meets) {
        case THE_ENTRY -> true;
        case ITS_EVICTION -> evicting;
        case A_GAP -> evicting && READS.contains(done.actor.getMethod().getName());
      };
    }

    /** Whether the last operation of {@code path} gives what it gave. */
    private static boolean isExplained(List<Step> path) {
      Model model = new Model();
      boolean equal = true;
      for (Step step : path) {
        if (step.meets == Meets.ITS_EVICTION) {
          model.remove((Integer) step.done.actor.getArguments().get(0));
        }
        equal = gives(step.meets == Meets.A_GAP ? new Model() : model, step.done);
      }
      return equal;
    }

    private static boolean gives(Model model, Done done) {
      Object given;
      try {
        given =
            Model.class
                .getMethod(
                    done.actor.getMethod().getName(), done.actor.getMethod().getParameterTypes())
                .invoke(model, done.actor.getArguments().toArray());
      } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
        throw new IllegalStateException("the model cannot do " + done.actor, e);
      }
      if (done.result instanceof VoidResult) {
        return true;
      }
      return done.result instanceof ValueResult value && Objects.equals(given, value.getValue());
    }
  }
}
