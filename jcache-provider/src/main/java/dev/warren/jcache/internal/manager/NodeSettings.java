// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import dev.warren.jcache.internal.replication.ClusterNode;
import dev.warren.jcache.internal.replication.ClusterSettings;
import dev.warren.sync.codec.KryoValueCodec;
import dev.warren.sync.member.MemberSettings;
import dev.warren.sync.member.OutboxLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** What the configuration says of a manager's place in a cluster. */
final class NodeSettings {

  private static final int MAX_VALUE_BYTES = 8 << 20;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private NodeSettings() {}

  /** Empty if no log is configured: then all caches are local. */
  static Optional<ClusterSettings> of(Properties properties) {
    String log = properties.getProperty("warren.log");
    if (log == null) {
      return Optional.empty();
    }
    return Optional.of(
        new ClusterSettings(
            properties.getProperty("warren.cluster", "warren"),
            log,
            properties.getProperty("warren.persistence"),
            Map.of(),
            MemberSettings.named(Long.toString(ProcessHandle.current().pid())),
            OutboxLimits.DEFAULT,
            MAX_VALUE_BYTES,
            CLOSE_TIMEOUT,
            cache -> true));
  }

  static StoreFactory stores(ClusterNode node, ClassLoader loader, Properties properties) {
    boolean local = "local".equals(properties.getProperty("warren.defaults.mode"));
    return new ClusterStores(
        node,
        c -> KryoValueCodec.of(loader, List.of(), c.getKeyType(), c.getValueType()),
        name -> !local);
  }
}
