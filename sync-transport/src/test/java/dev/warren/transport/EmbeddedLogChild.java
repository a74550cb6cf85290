// SPDX-License-Identifier: Apache-2.0
package dev.warren.transport;

import dev.warren.embedded.EmbeddedBroker;
import dev.warren.embedded.EmbeddedTransportProvider;
import dev.warren.sync.ClusterTransport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A member of {@code embedded:} in a JVM of its own. With arguments {@code <port> <cluster>}; says
 * {@code connected <true if it runs the broker>}, then appends each line that it reads and says
 * {@code appended <line>}. At {@code close} it closes its transport; at the end of its input, or at
 * {@code return}, {@code main} returns.
 */
final class EmbeddedLogChild {

  private EmbeddedLogChild() {}

  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    int port = Integer.parseInt(args[0]);
    ClusterTransport transport =
        new EmbeddedTransportProvider().create("embedded:?port=" + port, args[1], Map.of());
    ConnectionLog log = new ConnectionLog();
    transport.start(log);
    log.awaitConnections(1);
    out.println("connected " + EmbeddedBroker.running(port).isPresent());
    follow(transport, out);
  }

  private static void follow(ClusterTransport transport, PrintStream out) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line;
    while ((line = readLine(in)) != null && !line.equals("return")) {
      if (line.equals("close")) {
        transport.close();
        out.println("closed");
      } else {
        transport
            .log()
            .append(line.getBytes(StandardCharsets.UTF_8))
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
        out.println("appended " + line);
      }
    }
  }

  private static @org.jspecify.annotations.Nullable String readLine(BufferedReader in)
      throws IOException {
    return in.readLine();
  }
}
