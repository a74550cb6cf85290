// SPDX-License-Identifier: Apache-2.0
package dev.warren.frameworks.hibernate;

import jakarta.persistence.Cacheable;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;
import org.hibernate.annotations.Immutable;

/** An entity that never changes. */
@Entity
@Immutable
@Cacheable
@Cache(usage = CacheConcurrencyStrategy.READ_ONLY, region = "publishers")
class Publisher {
  @Id long id;
  String name = "";

  /** For Hibernate. */
  Publisher() {}

  Publisher(long id, String name) {
    this.id = id;
    this.name = name;
  }
}
