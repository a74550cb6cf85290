// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A product that stands beside Warren, used through JCache: a class path of its own below {@code
 * benchmarks/peers}, with its configuration and the options of its JVM in a folder {@code conf}.
 */
enum Peer {
  /** An iteration asks the owners of what it lacks, so JCache does not tell what a node holds. */
  HAZELCAST("Hazelcast", "hazelcast", "hazelcast.config.location", false),
  INFINISPAN("Infinispan", "infinispan-core", "uri", true),
  IGNITE("Ignite", "ignite-core", "uri", true);

  final String product;
  private final String artifact;

  /** The setting that names its configuration to JCache. */
  final String configurationKey;

  /** A cache is open when the node holds all entries. */
  final boolean opensComplete;

  Peer(String product, String artifact, String configurationKey, boolean opensComplete) {
    this.product = product;
    this.artifact = artifact;
    this.configurationKey = configurationKey;
    this.opensComplete = opensComplete;
  }

  /** As options, folders and logs have it. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Those that a list names.
   *
   * @param list separated by commas; empty or {@code none} for none
   * @throws IllegalArgumentException if it names another
   */
  static List<Peer> of(String list) {
    List<Peer> peers = new ArrayList<>();
    if (!list.isBlank() && !list.trim().equals("none")) {
      for (String name : list.split(",", -1)) {
        peers.add(one(name.trim()));
      }
    }
    return peers.stream().distinct().toList();
  }

  private static Peer one(String name) {
    return Arrays.stream(values())
        .filter(peer -> peer.key().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "a peer of ./bench dist must be one of "
                        + Arrays.stream(values()).map(Peer::key).collect(Collectors.joining(", "))
                        + ", or none, but was \""
                        + name
                        + '"'));
  }

  /** Below {@code benchmarks/peers}. */
  String folder() {
    return "dist-" + key();
  }

  /** With the version that is on the class path. */
  String title(String classPath) {
    Matcher jar = Pattern.compile(artifact + "-(\\d[\\w.-]*)\\.jar").matcher(classPath);
    return jar.find() ? product + ' ' + jar.group(1) : product;
  }
}
