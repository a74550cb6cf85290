// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.data;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keys and the right answer for each, computed from the JDK by whoever asks: the process that
 * checks a cache never believes the process that filled it.
 */
public record Dataset<V>(String title, SortedMap<String, V> entries) {

  public Dataset {
    entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
  }

  /** Number of keys. */
  public int size() {
    return entries.size();
  }
}
