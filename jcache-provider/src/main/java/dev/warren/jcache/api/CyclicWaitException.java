// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.api;

import javax.cache.CacheException;

/**
 * Thrown by an operation that runs inside another one (in an entry processor, loader, writer or
 * expiry policy) and would have to wait for a thread that, directly or through others, waits for
 * the calling one. Nothing was changed by the operation that throws it.
 */
public final class CyclicWaitException extends CacheException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message names the threads and caches of the cycle
   */
  public CyclicWaitException(String message) {
    super(message);
  }
}
