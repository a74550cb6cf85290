// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.LogRecord;

/** The first record of a log, by which one log is told from another. */
record LogHead(long offset, int checksum) {

  static LogHead of(LogRecord logRecord) {
    return new LogHead(logRecord.offset(), Follower.checksum(logRecord));
  }

  /** True if a log that began with this cannot begin with {@code now}; retention only raises. */
  boolean isReplacedBy(LogHead now) {
    return now.offset < offset || (now.offset == offset && now.checksum != checksum);
  }
}
