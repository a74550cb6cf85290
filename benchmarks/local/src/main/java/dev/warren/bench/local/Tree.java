// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.local;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A mutable object of ten fields, with two children of the same kind: what services cache. */
final class Tree implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long id;
  private final String name;
  private final String street;
  private final String city;
  private final double price;
  private final boolean active;
  private final List<Integer> tags;
  private final @Nullable Tree left;
  private final @Nullable Tree right;
  private int count;

  Tree(long seed, int depth) {
    this.id = seed;
    this.name = "name " + seed;
    this.street = "street " + seed;
    this.city = "city " + seed;
    this.price = seed / 100.0;
    this.active = (seed & 1) == 0;
    this.tags = new ArrayList<>(List.of((int) seed, 2, 3));
    this.left = depth == 0 ? null : new Tree(seed + 1, depth - 1);
    this.right = depth == 0 ? null : new Tree(seed + 2, depth - 1);
    this.count = (int) seed;
  }

  /** Makes this differ from what it was. */
  void spoil() {
    count++;
    tags.add(count);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Tree tree
        && id == tree.id
        && count == tree.count
        && active == tree.active
        && Double.compare(price, tree.price) == 0
        && name.equals(tree.name)
        && street.equals(tree.street)
        && city.equals(tree.city)
        && tags.equals(tree.tags)
        && Objects.equals(left, tree.left)
        && Objects.equals(right, tree.right);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(id) * 31 + count;
  }
}
