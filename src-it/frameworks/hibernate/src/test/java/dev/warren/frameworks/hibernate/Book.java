// SPDX-License-Identifier: Apache-2.0
package dev.warren.frameworks.hibernate;

import jakarta.persistence.Cacheable;
import jakarta.persistence.CascadeType;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Version;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Set;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;
import org.hibernate.annotations.NaturalId;
import org.hibernate.annotations.NaturalIdCache;
import org.jspecify.annotations.Nullable;

/** An entity with a field of most kinds, two cached collections and a cached natural id. */
@Entity
@Cacheable
@NaturalIdCache(region = "isbns")
@Cache(usage = CacheConcurrencyStrategy.READ_WRITE, region = "books")
class Book {
  @Id long id;
  @Version int version;
  @NaturalId String isbn = "";
  String title = "";
  Binding binding = Binding.PAPER;
  LocalDate published = LocalDate.EPOCH;
  Price price = new Price();
  byte[] cover = {};

  @ManyToOne(fetch = FetchType.LAZY)
  @Nullable Publisher publisher;

  @OneToMany(mappedBy = "book", cascade = CascadeType.ALL, orphanRemoval = true)
  @Cache(usage = CacheConcurrencyStrategy.READ_WRITE, region = "chapters of books")
  Set<Chapter> chapters = new HashSet<>();

  @ElementCollection
  @Cache(usage = CacheConcurrencyStrategy.NONSTRICT_READ_WRITE, region = "tags")
  Set<String> tags = new HashSet<>();

  /** For Hibernate. */
  Book() {}

  Book(long id, String isbn, String title) {
    this.id = id;
    this.isbn = isbn;
    this.title = title;
  }

  enum Binding {
    PAPER,
    CLOTH
  }

  /** Part of a book's row. */
  @Embeddable
  static class Price {
    BigDecimal amount = new BigDecimal("9.90");
    String currency = "EUR";
  }
}
