// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import dev.warren.jcache.config.WarrenConfig;
import dev.warren.jcache.internal.replication.ClusterNode;
import dev.warren.jcache.internal.replication.ClusterSettings;
import dev.warren.sync.codec.KryoValueCodec;
import dev.warren.sync.member.MemberSettings;
import dev.warren.sync.member.OutboxLimits;
import java.time.Duration;
import java.util.Optional;

/** What the configuration says of a manager's place in a cluster. */
final class NodeSettings {

  private NodeSettings() {}

  /** Empty if no log is configured: then all caches are local. */
  static Optional<ClusterSettings> of(WarrenConfig config) {
    String log = config.log();
    if (log == null) {
      return Optional.empty();
    }
    MemberSettings member = MemberSettings.named(Long.toString(ProcessHandle.current().pid()));
    OutboxLimits outbox = OutboxLimits.DEFAULT;
    return Optional.of(
        new ClusterSettings(
            config.cluster(),
            log,
            config.persistence(),
            config.transport(),
            new MemberSettings(
                member.name(),
                config.epochGrace(),
                member.seekTimeout(),
                heartbeat(config.memberTimeout(), member.heartbeat()),
                config.memberTimeout(),
                member.projectionInterval(),
                config.maxTransferBytesPerSecond()),
            new OutboxLimits(
                config.outboxMaxEvents(),
                config.outboxMaxBytes(),
                outbox.batchEvents(),
                outbox.batchBytes(),
                outbox.inFlight()),
            config.maxValueBytes(),
            config.writeTimeout(),
            config.closeTimeout(),
            cache -> config.forCache(cache).persist()));
  }

  /** Often enough that one lost heartbeat raises no suspicion. */
  private static Duration heartbeat(Duration memberTimeout, Duration usual) {
    Duration often = memberTimeout.dividedBy(5);
    return often.compareTo(usual) < 0 ? often : usual;
  }

  static StoreFactory stores(ClusterNode node, ClassLoader loader, WarrenConfig config) {
    return new ClusterStores(
        node,
        c ->
            KryoValueCodec.of(
                loader, config.serializationAllow(), c.getKeyType(), c.getValueType()),
        config::forCache,
        local(loader, config));
  }

  /** The stores of a manager without a log, or of its caches that are not shared. */
  static LocalStores local(ClassLoader loader, WarrenConfig config) {
    return new LocalStores(config::forCache, loader);
  }
}
