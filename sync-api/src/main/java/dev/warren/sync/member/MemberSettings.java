// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import java.time.Duration;

/**
 * Timing of a member.
 *
 * @param name of the member, for people
 * @param epochGrace how long an empty log is watched before a member that is not ready opens it
 * @param seekTimeout how long answers of other members are awaited
 * @param heartbeat interval
 * @param memberTimeout silence after which a member is suspected
 * @param projectionInterval pause between two rounds of the projector
 * @param maxTransferBytesPerSecond how fast it sends its memory to others that join, all together
 */
public record MemberSettings(
    String name,
    Duration epochGrace,
    Duration seekTimeout,
    Duration heartbeat,
    Duration memberTimeout,
    Duration projectionInterval,
    long maxTransferBytesPerSecond) {

  /** As fast as the joiner takes it. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  /** The defaults for a member of this name. */
  public static MemberSettings named(String name) {
    return new MemberSettings(
        name,
        Duration.ofSeconds(2),
        Duration.ofMillis(400),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofMillis(250),
        UNLIMITED);
  }
}
