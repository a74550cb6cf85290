// SPDX-License-Identifier: Apache-2.0
package dev.warren.transport;

import static org.awaitility.Awaitility.await;

import dev.warren.sync.ConnectionListener;
import dev.warren.sync.TransportException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a transport says of its connection. */
final class ConnectionLog implements ConnectionListener {
  final List<String> events = new CopyOnWriteArrayList<>();
  final List<TransportException> causes = new CopyOnWriteArrayList<>();

  @Override
  public void connected() {
    events.add("connected");
  }

  @Override
  public void disconnected(TransportException cause) {
    causes.add(cause);
    events.add("disconnected " + cause.reason());
  }

  long connections() {
    return events.stream().filter("connected"::equals).count();
  }

  void awaitConnections(int least) {
    await("a connection").atMost(Duration.ofSeconds(90)).until(() -> connections() >= least);
  }
}
