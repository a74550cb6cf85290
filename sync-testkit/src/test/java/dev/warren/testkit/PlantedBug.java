// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.asm.MemberSubstitution;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;

/**
 * A rule of docs/protocol.md broken in the classes that are shipped, without a switch in them: a
 * class loader of its own loads all of Warren anew and changes one method on the way. {@link
 * ClusterSimulation} then runs in that world.
 */
@SuppressWarnings("ImmutableEnumChecker") // the changes are, though they do not say so
enum PlantedBug {
  BEYOND_NEXT_APPLIED("A4", "replica.Replica", Plants.BeyondNext.class, "lastKnown"),
  DUPLICATE_APPLIED("A4", "replica.Replica", Plants.Duplicate.class, "lastKnown"),
  OTHER_EPOCH_APPLIED("A6", "replica.Replica", Plants.OtherEpoch.class, "judge"),
  NOTHING_REPEATED("A2", "member.Outbox", Plants.NoBatches.class, "repeat"),
  COALESCED_INTO_THE_EARLIER_PLACE("B4", "member.WaitingEvents"),
  CONDITION_IGNORED("B5", "replica.CacheState", Plants.AnyPut.class, "holds"),
  EXPIRY_SEEN_IGNORED("B5", "replica.CacheState", Plants.AnyExpiry.class, "holds"),
  INEFFECTIVE_MOVES_NO_STRIPE("B6", "replica.CacheState", Plants.StripeStays.class, "apply"),
  CLEAR_MOVES_NO_STRIPE("B6", "replica.Stripes", Plants.Skipped.class, "moveAll"),
  STRIPE_IGNORED_BY_FILL("B7", "replica.CacheState", Plants.AnyFill.class, "holds"),
  TOUCH_OF_ANOTHER_ENTRY("B8", "replica.CacheState", Plants.AnyTouch.class, "holds"),
  CUT_NOT_EXACT("E2", "replica.Replica", Plants.OneRecordAhead.class, "state"),
  OWN_EVENTS_KEPT_AFTER_A_SNAPSHOT("E4", "member.Outbox", Plants.Skipped.class, "covered"),
  ANOTHER_MODE_STANDS_TOO("F3", "replica.Replica", Plants.AlwaysEffective.class, "applyOpened"),
  WRITES_BEFORE_OPENED_IS_DECIDED("F3", "member.Admission$Pass", Plants.False.class, "mustStay"),
  OPENED_NOT_SAID_ANEW("F3", "member.Announcements", Plants.Skipped.class, "joined"),
  HEARTBEATS_NOT_NOTED("F1", "replica.Member", Plants.NotHeard.class, "heardAt"),
  CHANGES_FORGOTTEN_BEFORE_THE_CHECKPOINT(
      "G3", "projector.Changes", Plants.Everything.class, "dropUpTo");

  private static final String WARREN = "dev.warren.";
  private static final String SYNC = "dev.warren.sync.";

  /** The rule that is broken. */
  final String rule;

  private final String changed;
  private final AsmVisitorWrapper change;

  PlantedBug(String rule, String changed, Class<?> advice, String method) {
    this.rule = rule;
    this.changed = SYNC + changed;
    this.change = Advice.to(advice).on(named(method));
  }

  /** The earlier write of a key is looked up, not taken out: the later one takes its place. */
  PlantedBug(String rule, String changed) {
    this.rule = rule;
    this.changed = SYNC + changed;
    this.change =
        MemberSubstitution.relaxed()
            .method(named("remove").and(takesArguments(1)))
            .replaceWithMethod(named("get").and(takesArguments(Object.class)))
            .on(named("queue"));
  }

  /** A world with this bug, in which simulations run. */
  World world() throws ReflectiveOperationException {
    return new World(Map.of(changed, change));
  }

  /** Warren's classes once more. */
  static final class World {
    private final java.lang.reflect.Method run;

    /**
     * @param changes by class name
     */
    World(Map<String, AsmVisitorWrapper> changes) throws ReflectiveOperationException {
      run =
          new Loader(changes)
              .loadClass(ClusterSimulation.class.getName())
              .getMethod("run", long.class);
    }

    /** Runs {@code seed}; throws what the simulation throws. */
    void run(long seed) throws Throwable {
      try {
        run.invoke(null, seed);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }

  private static final class Loader extends ClassLoader {
    private final Map<String, AsmVisitorWrapper> changes;

    Loader(Map<String, AsmVisitorWrapper> changes) {
      super(PlantedBug.class.getClassLoader());
      this.changes = changes;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(WARREN)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded == null) {
          byte[] bytes = bytes(name);
          loaded = defineClass(name, bytes, 0, bytes.length);
        }
        return loaded;
      }
    }

    private byte[] bytes(String name) throws ClassNotFoundException {
      AsmVisitorWrapper change = changes.get(name);
      if (change != null) {
        ClassFileLocator locator = ClassFileLocator.ForClassLoader.of(getParent());
        return new ByteBuddy()
            .redefine(TypePool.Default.of(locator).describe(name).resolve(), locator)
            .visit(change)
            .make()
            .getBytes();
      }
      try (InputStream file = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (file == null) {
          throw new ClassNotFoundException(name);
        }
        return file.readAllBytes();
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
