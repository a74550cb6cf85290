// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.local;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * What one provider did in one cell.
 *
 * @param nanos time of an operation in nanoseconds, mean
 * @param error half the width of its confidence interval of 99.9 %, in nanoseconds
 * @param bytes allocated by an operation
 */
record Figure(double nanos, double error, double bytes) {

  void write(Path file) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("nanos", Double.toString(nanos));
    properties.setProperty("error", Double.toString(error));
    properties.setProperty("bytes", Double.toString(bytes));
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    }
  }

  static Figure read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return new Figure(
        number(properties, "nanos"), number(properties, "error"), number(properties, "bytes"));
  }

  private static double number(Properties properties, String key) {
    return Double.parseDouble(properties.getProperty(key, "NaN"));
  }
}
