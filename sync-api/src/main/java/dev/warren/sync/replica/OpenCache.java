// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.replica;

import dev.warren.sync.Origin;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * In which mode members have a cache open, and which ones (rule F3). Immutable.
 *
 * @param members at least one
 */
public record OpenCache(String mode, Set<Origin> members) {

  public OpenCache {
    members = Set.copyOf(members);
  }

  OpenCache with(Origin member) {
    Set<Origin> more = new HashSet<>(members);
    more.add(member);
    return new OpenCache(mode, more);
  }

  /** Null if nobody is left. */
  @Nullable OpenCache without(Origin member) {
    if (!members.contains(member)) {
      return this;
    }
    Set<Origin> fewer = new HashSet<>(members);
    fewer.remove(member);
    return fewer.isEmpty() ? null : new OpenCache(mode, fewer);
  }
}
