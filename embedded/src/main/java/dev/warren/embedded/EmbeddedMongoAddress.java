// SPDX-License-Identifier: Apache-2.0
package dev.warren.embedded;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What {@code embedded:?port=27690&dir=…} says about the MongoDB stand-in.
 *
 * @param dir absolute; null with {@code memory=true}
 */
record EmbeddedMongoAddress(int port, @Nullable Path dir) {
  static final String SCHEME = "embedded";
  static final int DEFAULT_PORT = 27690;
  private static final String RULE =
      "warren.persistence must be embedded: or embedded:?port=27690&dir=folder or"
          + " embedded:?memory=true, but ";

  /**
   * Without {@code dir}: {@code .warren/embedded-<port>} in the user's home folder.
   *
   * @throws IllegalArgumentException if {@code uri} is malformed
   */
  static EmbeddedMongoAddress parse(String uri) {
    String prefix = SCHEME + ":";
    if (!uri.regionMatches(true, 0, prefix, 0, prefix.length())) {
      throw new IllegalArgumentException(RULE + "was " + uri);
    }
    String rest = uri.substring(prefix.length());
    if (!rest.isEmpty() && !rest.startsWith("?")) {
      throw new IllegalArgumentException(RULE + "was " + uri);
    }
    int port = DEFAULT_PORT;
    String dir = null;
    boolean memory = false;
    for (String part : rest.isEmpty() ? new String[0] : rest.substring(1).split("&", -1)) {
      int equals = part.indexOf('=');
      String name = equals < 0 ? part : part.substring(0, equals);
      String value = equals < 0 ? "" : decode(uri, part.substring(equals + 1));
      switch (name) {
        case "" -> {}
        case "port" -> port = port(value);
        case "dir" -> dir = value;
        case "memory" -> memory = bool(value);
        default -> throw new IllegalArgumentException(RULE + "has the parameter " + name);
      }
    }
    if (memory && dir != null) {
      throw new IllegalArgumentException(RULE + "has both memory=true and dir: leave one out");
    }
    return new EmbeddedMongoAddress(port, memory ? null : folder(dir, port));
  }

  private static String decode(String uri, String value) {
    try {
      // a plus is a plus: this is a path, not a form
      return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(RULE + "was " + uri + ": " + e.getMessage(), e);
    }
  }

  private static int port(String value) {
    try {
      int port = Integer.parseInt(value);
      if (port >= 1 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(RULE + "port, from 1 to 65535, was " + value);
  }

  private static boolean bool(String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(RULE + "memory, true or false, was " + value);
    };
  }

  private static Path folder(@Nullable String dir, int port) {
    try {
      Path path =
          dir == null
              ? Path.of(System.getProperty("user.home", "."), ".warren", "embedded-" + port)
              : Path.of(dir);
      return path.toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(RULE + "dir was " + dir + ": " + e.getReason(), e);
    }
  }

  /** As the server names its folder in its answer to a probe. */
  String dirText() {
    return dir == null ? "" : dir.toString();
  }

  /** For messages. */
  String describe() {
    return "embedded MongoDB on 127.0.0.1:"
        + port
        + (dir == null ? " (in memory)" : " (in " + dir + ")");
  }
}
