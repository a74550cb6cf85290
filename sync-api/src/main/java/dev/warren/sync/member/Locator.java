// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Batch;
import dev.warren.sync.Event;
import dev.warren.sync.LogRecord;
import dev.warren.sync.Origin;
import dev.warren.sync.SharedLog;
import dev.warren.sync.replica.Replica;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out, on each connection and before anything is appended on it, whether the log still is the
 * one that the memory was made of (A6).
 *
 * <p>A broker may come back without its log, or with another one. A log whose first record is
 * another, or stands before the one seen last, is known to be replaced at once. Else the record
 * that was applied last is read again and compared.
 */
final class Locator {

  private static final Logger LOG = LoggerFactory.getLogger(Locator.class);

  private final MemberCore core;

  Locator(MemberCore core) {
    this.core = core;
  }

  /** Reads the log's first record on this connection, then goes on or recovers. */
  void locate() {
    core.turn++;
    core.reader.cancel();
    core.whenDone(
        core.transport.log().head(),
        first -> {
          LogHead before = core.reader.head();
          core.reader.setHead(first.map(LogHead::of).orElse(null));
          Replica held = core.memory.replica();
          if (first.isEmpty()) {
            emptyLog();
          } else if (held != null && core.phase == Phase.READY) {
            boolean replaced = before == null || before.isReplacedBy(LogHead.of(first.get()));
            resume(held, first.get(), replaced || core.reader.isDetached());
          } else {
            core.recovery.seek();
          }
        },
        failure -> core.later(MemberCore.RETRY, this::locate));
  }

  private void resume(Replica held, LogRecord first, boolean isReplaced) {
    if (isReplaced) {
      replaced(Follower.peek(first));
    } else if (held.offset() < first.offset()) {
      LOG.warn(
          "WRN-0202 the log begins at offset {} behind the last applied one, {}: it was truncated;"
              + " the memory is fetched anew",
          first.offset(),
          held.offset());
      recoverAnew(RecoveryReport.Cause.LOG_TRUNCATED);
    } else {
      core.reader.resume(held, MemberCore.STALL, () -> replaced(Optional.empty()));
    }
  }

  /**
   * The log does not hold what was applied: it is another one, which may have its epoch already.
   *
   * @param first the batch with which it begins, if it is known
   */
  void replaced(Optional<Batch> first) {
    LOG.warn(
        "WRN-0203 the log no longer holds the batch that was applied last: it was replaced; {}",
        core.phase == Phase.READY ? "the next epoch begins" : "the memory is fetched anew");
    if (core.phase != Phase.READY) {
      recoverAnew(RecoveryReport.Cause.LOG_REPLACED);
      return;
    }
    core.reader.followDetached(SharedLog.FIRST);
    boolean opened =
        first
            .flatMap(Follower::opening)
            .filter(epoch -> epoch.id().counter() > core.memory.counter())
            .isPresent();
    if (!opened) {
      core.epochs.append(Event.SourceKind.MEMBER);
    }
  }

  /** Something is missing in the memory that {@code author} has (A8). */
  void recoverFrom(Origin author) {
    giveUp(RecoveryReport.Cause.EVENTS_MISSED);
    core.recovery.fetchFrom(author);
  }

  /** The memory, if there is one, is behind the log: another source is looked for. */
  void recoverAnew(RecoveryReport.Cause cause) {
    giveUp(cause);
    core.recovery.seek();
  }

  /** What is held stays readable until there is another. */
  private void giveUp(RecoveryReport.Cause cause) {
    core.turn++;
    core.reader.cancel();
    core.sender.pause();
    core.memory.recoveryBegins(cause);
    core.phase = Phase.LOCATING;
    core.setReady(false);
  }

  /** Nothing stands in the log: somebody's {@code Epoch} is waited for, or appended. */
  void emptyLog() {
    core.reader.followDetached(SharedLog.FIRST);
    if (core.phase == Phase.READY) {
      core.epochs.append(Event.SourceKind.MEMBER);
      return;
    }
    core.phase = Phase.EMPTY_LOG;
    if (core.memory.complete() == null) {
      core.memory.forget();
    }
    core.later(
        core.settings.epochGrace(),
        () -> {
          if (core.phase == Phase.EMPTY_LOG) {
            core.epochs.openFirst();
          }
        });
  }
}
