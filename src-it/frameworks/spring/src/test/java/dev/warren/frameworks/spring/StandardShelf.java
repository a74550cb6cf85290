// SPDX-License-Identifier: Apache-2.0
package dev.warren.frameworks.spring;

import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.annotation.CacheDefaults;
import javax.cache.annotation.CacheKey;
import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheRemove;
import javax.cache.annotation.CacheRemoveAll;
import javax.cache.annotation.CacheResult;
import javax.cache.annotation.CacheValue;

/** A service with the annotations of JSR-107; counts how often its methods really run. */
@CacheDefaults(cacheName = "standard")
class StandardShelf {
  private final AtomicInteger calls;

  StandardShelf(AtomicInteger calls) {
    this.calls = calls;
  }

  @CacheResult
  public Book find(String isbn) {
    return Book.of(isbn, "title " + calls.incrementAndGet());
  }

  @CacheResult(skipGet = true)
  public Book findAnew(String isbn) {
    return Book.of(isbn, "title " + calls.incrementAndGet());
  }

  @CacheResult(exceptionCacheName = "failures", cachedExceptions = IllegalArgumentException.class)
  public Book findOrFail(String isbn) {
    throw new IllegalArgumentException("no such book: " + isbn + ", " + calls.incrementAndGet());
  }

  @CacheResult(cacheName = "pages")
  public String page(@CacheKey String isbn, @CacheKey int number, String reader) {
    return isbn + ", page " + number + ", read by " + reader + ", " + calls.incrementAndGet();
  }

  @CachePut
  public void store(@CacheKey String isbn, @CacheValue Book book) {}

  @CachePut(afterInvocation = false)
  public void storeAndFail(@CacheKey String isbn, @CacheValue Book book) {
    throw new IllegalStateException("stored before");
  }

  @CacheRemove
  public void remove(String isbn) {}

  @CacheRemove(noEvictFor = IllegalStateException.class)
  public void removeAndFail(String isbn) {
    throw new IllegalStateException("not removed");
  }

  @CacheRemoveAll
  public void removeAll() {}
}
