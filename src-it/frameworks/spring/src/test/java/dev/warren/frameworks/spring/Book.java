// SPDX-License-Identifier: Apache-2.0
package dev.warren.frameworks.spring;

import java.util.ArrayList;
import java.util.List;

/** A value that can be changed: its list of authors. */
record Book(String isbn, String title, List<String> authors) {
  static Book of(String isbn, String title) {
    return new Book(isbn, title, new ArrayList<>(List.of("Anna")));
  }
}
