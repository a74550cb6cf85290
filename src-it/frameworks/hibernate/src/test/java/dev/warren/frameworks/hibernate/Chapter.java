// SPDX-License-Identifier: Apache-2.0
package dev.warren.frameworks.hibernate;

import jakarta.persistence.Cacheable;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;
import org.jspecify.annotations.Nullable;

/** What a book's cached collection refers to. */
@Entity
@Cacheable
@Cache(usage = CacheConcurrencyStrategy.READ_WRITE, region = "chapters")
class Chapter {
  @Id long id;
  String title = "";

  @ManyToOne(fetch = FetchType.LAZY)
  @Nullable Book book;

  /** For Hibernate. */
  Chapter() {}

  Chapter(long id, String title, Book book) {
    this.id = id;
    this.title = title;
    this.book = book;
  }
}
