// SPDX-License-Identifier: Apache-2.0
package dev.warren.embedded;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code embedded:?port=27690&dir=…} says about the MongoDB stand-in.
 *
 * @param dir absolute; null with {@code memory=true}
 */
record EmbeddedMongoAddress(int port, @Nullable Path dir) {
  static final int DEFAULT_PORT = 27690;
  private static final Set<String> KNOWN = Set.of("port", "dir", "memory");
  private static final String RULE =
      "warren.persistence must be embedded: or embedded:?port=27690&dir=folder or"
          + " embedded:?memory=true, but ";

  /**
   * Without {@code dir}: {@code .warren/embedded-<port>} in the user's home folder.
   *
   * @throws IllegalArgumentException if {@code uri} is malformed
   */
  static EmbeddedMongoAddress parse(String uri) {
    EmbeddedParameters parameters = EmbeddedParameters.parse(uri, RULE);
    for (String name : parameters.values().keySet()) {
      if (!KNOWN.contains(name)) {
        throw new IllegalArgumentException(RULE + "has the parameter " + name);
      }
    }
    int port = parameters.port(DEFAULT_PORT);
    String dir = parameters.values().get("dir");
    boolean memory = parameters.bool("memory");
    if (memory && dir != null) {
      throw new IllegalArgumentException(RULE + "has both memory=true and dir: leave one out");
    }
    return new EmbeddedMongoAddress(port, memory ? null : folder(dir, port));
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
