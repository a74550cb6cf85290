// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Batch;
import dev.warren.sync.Event;
import dev.warren.sync.LogRecord;
import dev.warren.sync.wire.BatchCodec;
import dev.warren.sync.wire.CorruptBatchException;
import dev.warren.sync.wire.UnknownVersionException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads records: decodes batches, counts and reports those that are none of ours. */
final class Follower {

  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  private final AtomicLong refused = new AtomicLong();

  /** The batch in a record; empty if it is corrupt, foreign or of an unknown version. */
  Optional<Batch> decode(LogRecord logRecord) {
    try {
      return Optional.of(BatchCodec.decode(logRecord.bytes()));
    } catch (CorruptBatchException | UnknownVersionException e) {
      if (refused.incrementAndGet() == 1) {
        LOG.warn(
            "WRN-0201 the record at offset {} of the log is no batch of Warren and is refused; all"
                + " others are applied; further ones are counted, not reported: {}",
            logRecord.offset(),
            e.getMessage());
      }
      return Optional.empty();
    }
  }

  /** As {@link #decode}, for a record that is read again later: nothing is counted. */
  static Optional<Batch> peek(LogRecord logRecord) {
    try {
      return Optional.of(BatchCodec.decode(logRecord.bytes()));
    } catch (CorruptBatchException | UnknownVersionException e) {
      return Optional.empty();
    }
  }

  /** Records refused so far; any thread. */
  long refused() {
    return refused.get();
  }

  /** The event with which a batch opens an epoch; empty for all other batches. */
  static Optional<Event.Epoch> opening(Batch batch) {
    return batch.events().size() == 1 && batch.events().get(0) instanceof Event.Epoch epoch
        ? Optional.of(epoch)
        : Optional.empty();
  }

  static int checksum(LogRecord logRecord) {
    CRC32C crc = new CRC32C();
    crc.update(logRecord.bytes());
    return (int) crc.getValue();
  }
}
