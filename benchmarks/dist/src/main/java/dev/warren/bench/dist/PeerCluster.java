// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;

/** Nodes of a peer that find each other on this machine's loopback, on ports that were free. */
final class PeerCluster {

  private final Lab lab;
  private final Peer peer;
  private final String heap;
  private final String name = Lab.cluster();
  private int firstPort;

  PeerCluster(Lab lab, Peer peer, String heap) {
    this.lab = lab;
    this.peer = peer;
    this.heap = heap;
  }

  /** A further node. It asks the first one for the others, which must be there still. */
  NodeProcess start(String node) throws IOException, InterruptedException {
    String process = peer.key() + '-' + node;
    Path peers = lab.benchmarks().resolve("peers").toAbsolutePath();
    Path conf = peers.resolve(peer.folder()).resolve("conf");
    // Held together, so that they differ; whoever is faster may take them before the node does.
    try (ServerSocket port = new ServerSocket(0);
        ServerSocket dataPort = new ServerSocket(0)) {
      firstPort = firstPort == 0 ? port.getLocalPort() : firstPort;
      Path work = lab.benchmarks().resolve("target/dist/" + process).toAbsolutePath();
      List<String> options =
          List.of(
              "-Djava.util.logging.config.file=" + peers.resolve("dist.logging.properties"),
              "-Dbench.cluster=" + name,
              "-Dbench.first=" + firstPort,
              "-Dbench.port=" + port.getLocalPort(),
              "-Dbench.port.data=" + dataPort.getLocalPort(),
              "-Dbench.work=" + work,
              "@" + conf.resolve("jvm.options"));
      List<String> arguments =
          List.of(peer.key(), peer.configurationKey + '=' + conf.resolve("cache.xml").toUri());
      port.close();
      dataPort.close();
      return lab.start(process, peer.folder(), heap, options, arguments);
    }
  }
}
