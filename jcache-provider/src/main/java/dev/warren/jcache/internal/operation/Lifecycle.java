// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import java.util.concurrent.atomic.AtomicReference;
import javax.cache.CacheException;

/**
 * The life of a cache or manager: {@code OPEN -> CLOSING -> CLOSED}, never back; from OPEN it may
 * go to CLOSING by REFUSED, where a cache is open and does nothing. The one caller that moves it to
 * CLOSING does the closing; users see CLOSING and CLOSED as closed.
 */
public final class Lifecycle {

  /** States, in the only order in which they follow each other. */
  public enum State {
    OPEN,
    /** The cluster does not take part in it: see the message. */
    REFUSED,
    CLOSING,
    CLOSED
  }

  private final String what;
  private volatile String refusal = "";
  private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

  /**
   * @param what names the owner in messages: {@code cache "prices"}
   */
  public Lifecycle(String what) {
    this.what = what;
  }

  public boolean isOpen() {
    State now = state.get();
    return now == State.OPEN || now == State.REFUSED;
  }

  /** True if {@link #ensureOpen} would not refuse. */
  public boolean isUsable() {
    return state.get() == State.OPEN;
  }

  /**
   * Refuses whoever comes too late.
   *
   * @throws IllegalStateException if closed
   * @throws CacheException if refused
   */
  public void ensureOpen() {
    State now = state.get();
    if (now == State.OPEN) {
      return;
    }
    if (now == State.REFUSED) {
      throw new CacheException(refusal);
    }
    throw new IllegalStateException(what + " is closed: get or create it again from its manager");
  }

  /** True for the one caller that shall close now. */
  public boolean beginClosing() {
    return state.compareAndSet(State.OPEN, State.CLOSING)
        || state.compareAndSet(State.REFUSED, State.CLOSING);
  }

  /** From now on {@link #ensureOpen} fails with {@code words}, until it is closed. */
  public void refuse(String words) {
    refusal = words;
    state.compareAndSet(State.OPEN, State.REFUSED);
  }

  public boolean isRefused() {
    return state.get() == State.REFUSED;
  }

  public void closed() {
    state.set(State.CLOSED);
  }
}
