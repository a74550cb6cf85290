// SPDX-License-Identifier: Apache-2.0
package dev.warren.frameworks.spring;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;

/** A service with Spring's annotations; counts how often its methods really run. */
@CacheConfig(cacheNames = "books")
class Shelf {
  private final AtomicInteger calls;

  Shelf(AtomicInteger calls) {
    this.calls = calls;
  }

  @Cacheable
  public @Nullable Book find(String isbn) {
    return isbn.equals("none") ? null : Book.of(isbn, "title " + calls.incrementAndGet());
  }

  @Cacheable(cacheNames = "missing")
  public @Nullable Book findMissing(String isbn) {
    calls.incrementAndGet();
    return null;
  }

  @Cacheable(sync = true)
  public Book findInOneThread(String isbn) {
    return Book.of(isbn, "title " + calls.incrementAndGet());
  }

  @Cacheable(sync = true)
  public Book findAndFail(String isbn) {
    calls.incrementAndGet();
    throw new IllegalArgumentException("no such book: " + isbn);
  }

  @Cacheable(cacheNames = "pages")
  public String page(String isbn, int number) {
    return isbn + ", page " + number + ", read " + calls.incrementAndGet();
  }

  @Cacheable(cacheNames = "pages")
  public String catalogue() {
    return "catalogue " + calls.incrementAndGet();
  }

  @Cacheable(condition = "#isbn.length() > 3", unless = "#result.title == 'title 1'")
  public Book findSome(String isbn) {
    return Book.of(isbn, "title " + calls.incrementAndGet());
  }

  @CachePut(key = "#book.isbn")
  public Book store(Book book) {
    return book;
  }

  @CacheEvict
  public void remove(String isbn) {}

  @CacheEvict
  public void removeAndFail(String isbn) {
    throw new IllegalStateException("not removed");
  }

  @CacheEvict(allEntries = true, beforeInvocation = true)
  public void clear() {
    throw new IllegalStateException("cleared before");
  }

  @Caching(evict = {@CacheEvict, @CacheEvict(cacheNames = "missing")})
  public void removeEverywhere(String isbn) {}
}
