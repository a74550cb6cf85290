// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.EpochId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a member has counted and measured since it was started.
 *
 * @param position applied; -1 without a memory
 * @param applied events of the log that were applied, in this epoch
 * @param lagEvents events that stood in the log and were not applied here when the last own
 *     heartbeat that was read back was appended
 * @param lagMillis how long that heartbeat took to come back, or has been under way if that is
 *     longer; grows while the log is away
 * @param duplicates events skipped because they were applied before (A4)
 * @param beyondNext events skipped because some before them were missing (A4)
 * @param otherEpoch events skipped because they belong to another epoch (A6)
 * @param refused records that were no batches
 * @param resynchronisations how often the memory was got anew, without the first time
 * @param lastCause why, the last time; null if never
 * @param lastTook how long it took, the last time
 * @param outboxEvents own events on their way to the log
 * @param outboxBytes what they take of the outbox's room
 */
public record MemberFigures(
    EpochId epoch,
    long position,
    long applied,
    long lagEvents,
    long lagMillis,
    long duplicates,
    long beyondNext,
    long otherEpoch,
    long refused,
    long resynchronisations,
    RecoveryReport.@Nullable Cause lastCause,
    Duration lastTook,
    int outboxEvents,
    long outboxBytes) {}
