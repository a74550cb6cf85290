// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands between a client and a broker and can make a half-open cut: what either side sends then
 * goes nowhere, and nothing is closed, as when a firewall has forgotten the connection.
 */
final class LoopbackProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final List<Pair> pairs = new CopyOnWriteArrayList<>();
  private final AtomicLong swallowed = new AtomicLong();
  private volatile boolean partitioned;

  LoopbackProxy(int target) {
    this.target = target;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept, "accept");
  }

  int port() {
    return server.getLocalPort();
  }

  /** Cuts the connections that stand; later ones work. */
  void cut() {
    pairs.forEach(pair -> pair.cut = true);
  }

  /** Cuts the connections that stand, and every later one until {@link #heal}. */
  void partition() {
    partitioned = true;
    cut();
  }

  void heal() {
    partitioned = false;
  }

  /** How many connections were made through this, cut ones included. */
  int connections() {
    return pairs.size();
  }

  /** How many bytes went nowhere. */
  long swallowedBytes() {
    return swallowed.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Pair pair = new Pair(client);
        pairs.add(pair);
        pair.cut = partitioned;
        start(() -> pair.connect(target), "connect");
      }
    } catch (IOException e) {
      // closed
    }
  }

  private static void start(Runnable task, String what) {
    Thread thread = new Thread(task, "test-proxy-" + what);
    thread.setDaemon(true);
    thread.start();
  }

  private final class Pair {
    final Socket client;
    final Socket broker = new Socket();
    volatile boolean cut;

    Pair(Socket client) {
      this.client = client;
    }

    void connect(int target) {
      try {
        broker.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), target));
        start(() -> pump(broker, client), "down");
        pump(client, broker);
      } catch (IOException e) {
        close();
      }
    }

    private void pump(Socket from, Socket to) {
      byte[] buffer = new byte[1 << 16];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          if (cut) {
            swallowed.addAndGet(n);
          } else {
            out.write(buffer, 0, n);
          }
        }
      } catch (IOException e) {
        // as good as its end
      }
      if (!cut) { // else the end of one side is kept from the other too
        close();
      }
    }

    void close() {
      try (client;
          broker) {
        cut = false;
      } catch (IOException e) {
        // it is gone
      }
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    pairs.forEach(Pair::close);
  }
}
