// SPDX-License-Identifier: Apache-2.0
package dev.warren.tckpeers;

import static org.awaitility.Awaitility.await;

import dev.warren.jcache.api.WarrenCache;
import dev.warren.jcache.api.WarrenHealth;
import dev.warren.sync.Event;
import dev.warren.sync.TransportProvider;
import dev.warren.sync.member.MemberListener;
import dev.warren.sync.member.MemberSettings;
import dev.warren.sync.member.OutboxLimits;
import dev.warren.sync.member.OwnEvent;
import dev.warren.sync.member.RecoveryReport;
import dev.warren.sync.member.ThreadApplier;
import dev.warren.sync.member.WarrenMember;
import dev.warren.sync.replica.Applied;
import dev.warren.sync.replica.Replica;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.cache.CacheManager;
import javax.cache.Caching;
import org.junit.runner.Description;
import org.junit.runner.notification.RunListener;

/**
 * Has each test begin on a node that is ready, and empties the caches of the cluster behind it. The
 * TCK takes it that a closed manager's data are gone; a cluster keeps them for its other members,
 * and the next test, which opens a cache of the same name, would find them. A member of its own: it
 * knows all caches from the log.
 */
final class Emptier extends RunListener implements MemberListener {
  private final ThreadApplier applier = new ThreadApplier("tck-applier");
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final WarrenMember member;

  Emptier(String log, String cluster) {
    String scheme = log.substring(0, log.indexOf(':'));
    TransportProvider transports =
        ServiceLoader.load(TransportProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(provider -> provider.handles(scheme))
            .findFirst()
            .orElseThrow();
    member =
        new WarrenMember(
            MemberSettings.named("emptier"),
            OutboxLimits.DEFAULT,
            transports.create(log, cluster, Map.of()),
            null,
            applier,
            Executors.newCachedThreadPool(),
            this);
    member.start();
    done(ready);
  }

  /** Each test begins on a node that has its memory, as a service does that waits until it has. */
  @Override
  public void testStarted(Description description) {
    WarrenHealth health = Caching.getCachingProvider().getCacheManager().unwrap(WarrenHealth.class);
    await().atMost(PeerMain.PATIENCE).until(() -> health.state() == WarrenHealth.State.READY);
  }

  /** What closed managers wrote stands in the log; what open ones did is waited for. */
  @Override
  public void testFinished(Description description) {
    CacheManager manager = Caching.getCachingProvider().getCacheManager();
    for (String name : manager.getCacheNames()) {
      manager.getCache(name).unwrap(WarrenCache.class).barrier(PeerMain.PATIENCE);
    }
    done(member.barrier());
    CompletableFuture<List<String>> full = new CompletableFuture<>();
    applier.execute(() -> full.complete(fullCaches()));
    for (String cache : done(full)) {
      LongSupplier last = member.outbox().awaitWritesOf(cache);
      member.outbox().reserve(1);
      member.outbox().offer(new Event.Clear(cache), OwnEvent.UNATTENDED);
      done(member.acknowledged(last.getAsLong(), true));
    }
  }

  private List<String> fullCaches() {
    Replica replica = Objects.requireNonNull(member.replica());
    return replica.cacheNames().stream()
        .filter(name -> !Objects.requireNonNull(replica.cacheState(name)).entries().isEmpty())
        .toList();
  }

  private static <T> T done(CompletableFuture<T> future) {
    return future.orTimeout(PeerMain.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  @Override
  public void applied(Applied applied) {}

  @Override
  public void installed(Replica replica) {}

  @Override
  public void ready(RecoveryReport report) {
    ready.complete(null);
  }

  @Override
  public void degraded(String reason) {}
}
