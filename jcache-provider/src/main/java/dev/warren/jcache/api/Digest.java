// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.api;

/**
 * The log state of one cache at one position, in few figures: what the log says, without own writes
 * that it has not brought back yet. Of two ready nodes whose digests have the same epoch and
 * position, entries and hash are equal; if they are not, one of them has lost something.
 *
 * @param position the applied position at which it was taken; -1 without a log, or before there is
 *     a memory
 * @param epoch of the log, as text; empty without a log
 * @param entries in the log state, expired ones that are not yet removed included
 * @param hash of keys, values, expiry times and positions of all entries, whatever their order; 0
 *     of none
 */
public record Digest(long position, String epoch, long entries, long hash) {

  /** The digest where there is no log state, as in local caches. */
  public static final Digest NONE = new Digest(-1, "", 0, 0);
}
