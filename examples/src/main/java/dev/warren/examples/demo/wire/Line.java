// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.wire;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One line between the launcher and a node: a verb, then fields {@code name=value} with
 * percent-encoded values. The launcher sends a request; the node answers with any number of {@code
 * progress} lines and then one line {@code ok} or {@code error}.
 */
public record Line(String verb, Map<String, String> fields) {

  /** Verb of an answer that is not the last. */
  public static final String PROGRESS = "progress";

  /** Verb of a good answer. */
  public static final String OK = "ok";

  /** Verb of an answer whose field {@code message} says what went wrong. */
  public static final String ERROR = "error";

  private static final Pattern SPACE = Pattern.compile(" ");

  public Line {
    if (verb.isEmpty() || verb.chars().anyMatch(c -> c <= ' ' || c == '=')) {
      throw new IllegalArgumentException("a verb must be one plain word, but was '" + verb + "'");
    }
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** A line without fields. */
  public static Line of(String verb) {
    return new Line(verb, Map.of());
  }

  /** This line with one more field. */
  public Line with(String name, Object value) {
    Map<String, String> more = new LinkedHashMap<>(fields);
    more.put(name, value.toString());
    return new Line(verb, more);
  }

  /** This line with one more field that holds numbers. */
  public Line with(String name, long[] values) {
    return with(
        name, Arrays.stream(values).mapToObj(Long::toString).collect(Collectors.joining(",")));
  }

  /**
   * The value of a field.
   *
   * @throws IllegalArgumentException if there is no such field
   */
  public String text(String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("'" + verb + "' needs a field '" + name + "'");
    }
    return value;
  }

  /** The value of a numeric field. */
  public long number(String name) {
    return Long.parseLong(text(name));
  }

  /** The values of a field of numbers. */
  public long[] numbers(String name) {
    String value = text(name);
    return value.isEmpty()
        ? new long[0]
        : Arrays.stream(value.split(",", -1)).mapToLong(Long::parseLong).toArray();
  }

  /** The line as sent, without its end. */
  public String format() {
    StringJoiner line = new StringJoiner(" ").add(verb);
    fields.forEach(
        (name, value) -> line.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return line.toString();
  }

  /**
   * Reads {@link #format}.
   *
   * @throws IllegalArgumentException if the line is not of that form
   */
  public static Line parse(String line) {
    String[] words = SPACE.split(line.strip(), -1);
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 1; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("expected name=value, but was '" + words[i] + "'");
      }
      fields.put(
          words[i].substring(0, equals),
          URLDecoder.decode(words[i].substring(equals + 1), StandardCharsets.UTF_8));
    }
    return new Line(words[0], fields);
  }
}
