// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import java.util.List;
import java.util.concurrent.Callable;

/**
 * A kind of value in the fidelity table.
 *
 * @param make makes a new one each time
 * @param allow patterns that the wire needs besides those of the tests' own types
 * @param described whether Java's bytes say more than can be observed (capacities, caches)
 * @param differs the documented difference, if there is one: then the wire and the copy are held
 *     against the original, not against what Java serialization makes of it
 */
record FidelityRow(
    String name, Callable<Object> make, List<String> allow, boolean described, String differs) {

  static FidelityRow row(String name, Callable<Object> make) {
    return new FidelityRow(name, make, List.of(), false, "");
  }

  FidelityRow allowing(String... patterns) {
    return new FidelityRow(name, make, List.of(patterns), described, differs);
  }

  FidelityRow byDescription() {
    return new FidelityRow(name, make, allow, true, differs);
  }

  FidelityRow differing(String how) {
    return new FidelityRow(name, make, allow, described, how);
  }

  @Override
  public String toString() {
    return name;
  }
}
