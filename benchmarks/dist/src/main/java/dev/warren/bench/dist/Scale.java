// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

/**
 * How much of everything.
 *
 * @param warmUps rounds of a cell that writes, before the first one that counts
 * @param repetitions of each figure
 * @param puts different keys that are put at once
 * @param peerPutSeconds at most, of a peer's puts, of which there are fewer for that
 * @param pings single writes whose way is timed
 * @param bursts of puts whose caller is timed
 * @param entries that a joiner gets
 * @param loadSeconds before a node joins under load
 * @param idleSeconds of doing nothing
 */
record Scale(
    int warmUps,
    int repetitions,
    int puts,
    int peerPutSeconds,
    int pings,
    int bursts,
    int entries,
    int loadSeconds,
    int idleSeconds) {

  static final Scale FULL = new Scale(6, 3, 400_000, 15, 2_000, 15, 1_000_000, 5, 20);

  static final Scale QUICK = new Scale(6, 3, 100_000, 6, 400, 5, 100_000, 2, 3);
}
