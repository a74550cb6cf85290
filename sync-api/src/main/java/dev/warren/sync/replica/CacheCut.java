// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.replica;

import dev.warren.sync.Bytes;
import dev.warren.sync.EpochId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * The log state of one cache at one position, copied by reference between two batches: entries are
 * immutable, so that the copy may be hashed on any thread while the replica goes on.
 *
 * <p><b>The hash.</b> Each entry (key bytes, value bytes, expiry, write position, touch position)
 * is run word by word through a bijective 64-bit mix, each array led by its length, and the results
 * are added up. A sum does not depend on the order in which a map hands out its entries, and since
 * keys are distinct no two terms can cancel each other by being the same, as they would under an
 * exclusive or. Replicas whose log states differ have equal hashes with a probability of about
 * 2<sup>-64</sup>; it is no protection against somebody who looks for such states.
 */
public final class CacheCut {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final EpochId epoch;
  private final long position;
  private final Bytes[] keys;
  private final LogEntry[] entries;

  private CacheCut(EpochId epoch, long position, Map<Bytes, LogEntry> state) {
    this.epoch = epoch;
    this.position = position;
    this.keys = new Bytes[state.size()];
    this.entries = new LogEntry[state.size()];
    int i = 0;
    for (Map.Entry<Bytes, LogEntry> entry : state.entrySet()) {
      keys[i] = entry.getKey();
      entries[i++] = entry.getValue();
    }
  }

  /** On the applier thread; of nothing if the log holds nothing of the cache. */
  public static CacheCut of(Replica replica, String cache) {
    CacheState state = replica.cacheState(cache);
    return new CacheCut(
        replica.epoch(), replica.position(), state == null ? Map.of() : state.entries());
  }

  public EpochId epoch() {
    return epoch;
  }

  /** The applied position at which the cut was made. */
  public long position() {
    return position;
  }

  /** Number of entries, expired ones included. */
  public long size() {
    return keys.length;
  }

  /** Equal for equal log states; 0 for an empty one. */
  public long hash() {
    long sum = 0;
    for (int i = 0; i < keys.length; i++) {
      sum += hash(keys[i], entries[i]);
    }
    return sum;
  }

  private static long hash(Bytes key, LogEntry entry) {
    long hash = mixIn(0x9E3779B97F4A7C15L, key.array());
    hash = mixIn(hash, entry.value());
    hash = mix(hash ^ entry.expiryMillis());
    hash = mix(hash ^ entry.writePosition());
    return mix(hash ^ entry.touchPosition());
  }

  private static long mixIn(long start, byte[] bytes) {
    long hash = mix(start ^ bytes.length);
    int i = 0;
    for (; i + Long.BYTES <= bytes.length; i += Long.BYTES) {
      hash = mix(hash ^ (long) LONGS.get(bytes, i));
    }
    long rest = 0;
    for (; i < bytes.length; i++) {
      rest = rest << 8 | (bytes[i] & 0xff);
    }
    return mix(hash ^ rest);
  }

  /**
   * A bijection that spreads each bit over all (Stafford's variant 13), shifted so that 0 moves.
   */
  private static long mix(long of) {
    long z = of + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
