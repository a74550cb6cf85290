// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.replication;

import dev.warren.jcache.internal.store.Store;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one cache whose loader or writer runs on this node at this moment, and what happened
 * to each since it began (rules B7, C1, C2).
 *
 * <p><b>Why this finds every change that matters.</b> A watch is in the map before the loader or
 * writer is called. The applier marks a key's watches before it changes or drops what the node
 * holds of the key. So of a value that came from outside and another node's change of its key
 * either the value is stored first, and the applier's change comes upon it; or it is stored after
 * that change, and then after the mark, which whoever stores it looks at behind the storing (an
 * invalidation cache) or in one step with it (the overlay of a replicated one). A watch that was
 * opened too late to be marked began when this node had read the event already: what it brings was
 * read, or written, after what the event stands for.
 *
 * <p>The protocol tells moves by stripes of keys, since all replicas must answer alike. Here each
 * node asks for itself, so exact keys will do, and no load is refused for another key's sake.
 *
 * <p>Watches of one key are opened and closed by holders of its lock, the last opened first: a
 * loader may call the cache for the key that it loads. The applier only marks.
 */
final class Watches<K> {

  private final ConcurrentHashMap<K, KeyWatch> open = new ConcurrentHashMap<>();

  /** Begins to watch {@code key}. */
  Store.Watch watch(K key) {
    KeyWatch watch = new KeyWatch(key, open.get(key));
    open.put(key, watch);
    return watch;
  }

  /** Another node changed {@code key}. */
  void changedElsewhere(K key) {
    if (open.isEmpty()) {
      return;
    }
    for (KeyWatch watch = open.get(key); watch != null; watch = watch.outer) {
      watch.elsewhere = true;
    }
  }

  /** Anything may have changed elsewhere. */
  void allChangedElsewhere() {
    for (KeyWatch innermost : open.values()) {
      for (KeyWatch watch = innermost; watch != null; watch = watch.outer) {
        watch.elsewhere = true;
      }
    }
  }

  /** This node changes {@code key}: what is being loaded for it is past. Holder of its lock. */
  void changedHere(K key) {
    if (open.isEmpty()) {
      return;
    }
    for (KeyWatch watch = open.get(key); watch != null; watch = watch.outer) {
      watch.here = true;
    }
  }

  /**
   * True if another node changed {@code key} since its innermost watch began; holder of its lock.
   */
  boolean isChangedElsewhere(K key) {
    KeyWatch watch = open.isEmpty() ? null : open.get(key);
    return watch != null && watch.elsewhere;
  }

  /** True if another node changed the key between the begin of {@code watch} and its end. */
  boolean isChangedElsewhere(Store.Watch watch) {
    return watch instanceof Watches<?>.KeyWatch of && of.elsewhere;
  }

  /** True if anybody changed the key since {@code watch} began. */
  boolean isChanged(Store.Watch watch) {
    return watch instanceof Watches<?>.KeyWatch of && (of.elsewhere || of.here);
  }

  private final class KeyWatch implements Store.Watch {
    private final K key;
    private final @Nullable KeyWatch outer;
    private volatile boolean elsewhere;
    private volatile boolean here;

    KeyWatch(K key, @Nullable KeyWatch outer) {
      this.key = key;
      this.outer = outer;
    }

    @Override
    public void close() {
      if (outer == null) {
        open.remove(key);
      } else {
        open.put(key, outer);
      }
    }
  }
}
