// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The life of a cache or manager: {@code OPEN -> CLOSING -> CLOSED}, never back. The one caller
 * that moves it to CLOSING does the closing; users see everything but OPEN as closed.
 */
public final class Lifecycle {

  /** States, in the only order in which they follow each other. */
  public enum State {
    OPEN,
    CLOSING,
    CLOSED
  }

  private final String what;
  private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

  /**
   * @param what names the owner in messages: {@code cache "prices"}
   */
  public Lifecycle(String what) {
    this.what = what;
  }

  public boolean isOpen() {
    return state.get() == State.OPEN;
  }

  /**
   * Refuses whoever comes too late.
   *
   * @throws IllegalStateException unless open
   */
  public void ensureOpen() {
    if (state.get() != State.OPEN) {
      throw new IllegalStateException(what + " is closed: get or create it again from its manager");
    }
  }

  /** True for the one caller that shall close now. */
  public boolean beginClosing() {
    return state.compareAndSet(State.OPEN, State.CLOSING);
  }

  public void closed() {
    state.set(State.CLOSED);
  }
}
