// SPDX-License-Identifier: Apache-2.0
package dev.warren.embedded;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The parameters of {@code embedded:?name=value&name=value}, decoded; a later one of the same name
 * counts.
 *
 * @param rule how the setting must look; every message begins with it
 */
record EmbeddedParameters(String rule, Map<String, String> values) {
  static final String SCHEME = "embedded";

  /**
   * Reads a URI.
   *
   * @throws IllegalArgumentException if {@code uri} is not of that form
   */
  static EmbeddedParameters parse(String uri, String rule) {
    String prefix = SCHEME + ":";
    if (!uri.regionMatches(true, 0, prefix, 0, prefix.length())) {
      throw new IllegalArgumentException(rule + "was " + uri);
    }
    String rest = uri.substring(prefix.length());
    if (!rest.isEmpty() && !rest.startsWith("?")) {
      throw new IllegalArgumentException(rule + "was " + uri);
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (String part : rest.isEmpty() ? new String[0] : rest.substring(1).split("&", -1)) {
      int equals = part.indexOf('=');
      String name = equals < 0 ? part : part.substring(0, equals);
      String value = equals < 0 ? "" : part.substring(equals + 1);
      if (!part.isEmpty()) {
        values.put(name, decode(uri, value, rule));
      }
    }
    return new EmbeddedParameters(rule, values);
  }

  private static String decode(String uri, String value, String rule) {
    try {
      // a plus is a plus: this may be a path, it is no form
      return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(rule + "was " + uri + ": " + e.getMessage(), e);
    }
  }

  /**
   * The parameter {@code port}.
   *
   * @throws IllegalArgumentException if it is no number from 1 to 65535
   */
  int port(int byDefault) {
    String value = values.get("port");
    if (value == null) {
      return byDefault;
    }
    try {
      int port = Integer.parseInt(value);
      if (port >= 1 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(rule + "port, from 1 to 65535, was " + value);
  }

  /**
   * A parameter that says yes or no; {@code false} without it.
   *
   * @throws IllegalArgumentException if it is neither {@code true} nor {@code false}
   */
  boolean bool(String name) {
    String value = values.getOrDefault(name, "false");
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(rule + name + ", true or false, was " + value);
    };
  }
}
