// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One figure to be had from each provider.
 *
 * @param operation a method of {@link CacheBenchmark}
 * @param threads 1 or more
 */
record Cell(String operation, ValueKind value, Variant variant, boolean byValue, int threads) {

  private static final List<String> OPERATIONS =
      List.of(
          "getHit",
          "getMiss",
          "put",
          "putIfAbsent",
          "replaceIfEqual",
          "getAll50",
          "invoke",
          "mixed");

  String name() {
    return "%s-%s-%s-%s-%d"
        .formatted(operation, value, variant, byValue ? "value" : "reference", threads)
        .toLowerCase(Locale.ROOT);
  }

  static Cell parse(String name) {
    return all().stream()
        .filter(cell -> cell.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such cell: " + name));
  }

  int entries() {
    return operation.equals("mixed") ? CacheState.ZIPF_KEYS : CacheState.KEYS;
  }

  /** The twenty that say most: every operation, value and variant, mostly by value. */
  static List<Cell> core() {
    return List.of(
        plain("getHit", ValueKind.STRING, 1),
        plain("getHit", ValueKind.STRING, 2),
        plain("getHit", ValueKind.POJO, 1),
        plain("getHit", ValueKind.BYTES, 1),
        plain("getMiss", ValueKind.STRING, 1),
        plain("put", ValueKind.STRING, 1),
        plain("put", ValueKind.STRING, 2),
        plain("put", ValueKind.POJO, 1),
        plain("put", ValueKind.BYTES, 1),
        plain("putIfAbsent", ValueKind.STRING, 1),
        plain("replaceIfEqual", ValueKind.STRING, 1),
        plain("getAll50", ValueKind.STRING, 1),
        plain("invoke", ValueKind.STRING, 1),
        plain("mixed", ValueKind.STRING, 2),
        plain("mixed", ValueKind.POJO, 2),
        new Cell("put", ValueKind.STRING, Variant.LISTENER, true, 1),
        new Cell("mixed", ValueKind.STRING, Variant.STATISTICS, true, 2),
        new Cell("put", ValueKind.STRING, Variant.CREATED, true, 1),
        new Cell("getHit", ValueKind.STRING, Variant.TOUCHED, true, 1),
        new Cell("mixed", ValueKind.STRING, Variant.PLAIN, false, 2));
  }

  private static Cell plain(String operation, ValueKind value, int threads) {
    return new Cell(operation, value, Variant.PLAIN, true, threads);
  }

  /** Every combination. */
  static List<Cell> all() {
    List<Cell> cells = new ArrayList<>();
    for (boolean byValue : new boolean[] {true, false}) {
      for (Variant variant : Variant.values()) {
        for (ValueKind value : ValueKind.values()) {
          for (String operation : OPERATIONS) {
            cells.add(new Cell(operation, value, variant, byValue, 1));
            cells.add(new Cell(operation, value, variant, byValue, 2));
          }
        }
      }
    }
    return cells;
  }
}
