// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Batch;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.LogRecord;
import dev.warren.sync.SnapshotStore;
import dev.warren.sync.replica.Replica;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gets a memory from the database's copy, where the log can tell what followed it (E5). */
final class DatabaseSource {

  private static final Logger LOG = LoggerFactory.getLogger(DatabaseSource.class);

  /**
   * So long the record at the checkpoint may take to come: a wrong guess would cost the log's end.
   */
  static final Duration LOST_TAIL = Duration.ofSeconds(30);

  private final MemberCore core;
  private final Recovery recovery;

  DatabaseSource(MemberCore core, Recovery recovery) {
    this.core = core;
    this.recovery = recovery;
  }

  /** Reads the copy; without one the log is all there is. */
  void load() {
    core.memory.disown();
    SnapshotStore store = core.store;
    if (store == null) {
      recovery.readLogIfWhole();
      return;
    }
    core.phase = Phase.LOADING;
    core.askDatabase(
        () -> DatabaseImage.read(store),
        image -> {
          if (image.isEmpty()) {
            recovery.readLogIfWhole();
          } else {
            core.know(image.get().epoch());
            followFrom(image.get());
          }
        },
        recovery::seek);
  }

  /** E5: the checkpoint counts if the log still is the one that it was made of. */
  void followFrom(DatabaseImage image) {
    core.whenDone(
        core.transport.log().head(),
        first -> {
          if (first.isEmpty()) {
            core.locator.emptyLog();
          } else {
            followFrom(image, first.get());
          }
        },
        failure -> core.later(MemberCore.RETRY, core.locator::locate));
  }

  private void followFrom(DatabaseImage image, LogRecord head) {
    Optional<Batch> first = Follower.peek(head);
    EpochId found = first.map(Batch::epoch).orElse(EpochId.NONE);
    long begin = head.offset();
    if (found.counter() > image.epoch().counter()) {
      if (first.flatMap(Follower::opening).isPresent()) {
        recovery.readLogAlone(); // its Epoch names the source of its data
      } else {
        Replica base = image.asBaseOf(found, begin - 1, true);
        recovery.installBehindGap(
            base, "before its epoch", begin, RecoveryReport.Source.DATABASE, image.counts());
      }
    } else if (found.equals(image.epoch()) && begin > image.offset() + 1) {
      Replica base = image.behindGap(begin);
      recovery.installBehindGap(
          base, "at " + image.offset(), begin, RecoveryReport.Source.DATABASE, image.counts());
    } else if (found.counter() == image.epoch().counter() && !found.equals(image.epoch())) {
      followIfOneOfTheTwo(image, begin, first.flatMap(Follower::opening).isPresent());
    } else {
      Replica installed = image.toReplica();
      core.memory.install(installed, 0, RecoveryReport.Source.DATABASE, image.counts());
      if (begin > image.offset()) {
        core.reader.follow(image.offset() + 1);
        core.sender.open(installed);
      } else {
        core.reader.resume(installed, LOST_TAIL, () -> replaceLostTail(image));
      }
    }
  }

  /**
   * The log's first record is of another epoch with the same counter. Either somebody opened it in
   * a log of its own; or it is an {@code Epoch} that came second when both were opened, and had no
   * effect, while retention has taken the first. The record at the checkpoint tells.
   */
  private void followIfOneOfTheTwo(DatabaseImage image, long begin, boolean opens) {
    Runnable replace =
        () -> {
          core.phase = Phase.LOCATING;
          core.epochs.append(Event.SourceKind.DATABASE);
          recovery.readLogAlone();
        };
    if (opens && begin < image.offset()) {
      Replica installed = image.toReplica();
      core.memory.install(installed, 0, RecoveryReport.Source.DATABASE, image.counts());
      core.reader.resumeInEpoch(installed, LOST_TAIL, replace);
    } else {
      replace.run();
    }
  }

  /**
   * The log ends before the checkpoint: a broker came back without what it had not yet written to
   * its disk. New records would stand where the checkpoint's are thought to be, and be skipped.
   */
  private void replaceLostTail(DatabaseImage image) {
    LOG.warn(
        "WRN-0215 the log no longer holds offset {}, up to which the database was written: its end"
            + " was lost; the next epoch begins with the database's copy",
        image.offset());
    core.phase = Phase.LOCATING;
    core.reader.awaitEpoch();
    core.epochs.append(Event.SourceKind.DATABASE);
  }
}
