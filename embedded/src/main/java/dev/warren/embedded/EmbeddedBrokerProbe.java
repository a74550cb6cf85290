// SPDX-License-Identifier: Apache-2.0
package dev.warren.embedded;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Asks whoever listens on a loopback port whether it is an embedded broker, by the first half of
 * AMQP's greeting: the client names the protocol, and the server says who it is.
 *
 * <pre>
 *   client  "AMQP" 0 0 9 1
 *           0     1          3         7       9       11
 *           +-----+----------+---------+-------+-------+----------------------------+
 *   server  |  1  | 0        | length  | 10    | 10    | … qpid.instance_name …     |
 *           +-----+----------+---------+-------+-------+----------------------------+
 *            method, channel             connection.start, its server properties
 * </pre>
 *
 * <p>See AMQP 0-9-1, sections 2.3.5 and 1.4.2.1. The name is sought as text: it is long enough to
 * be nobody else's.
 */
final class EmbeddedBrokerProbe {

  /** The broker's name in {@code broker.json}. */
  private static final String NAME = "warren-embedded";

  private static final byte[] GREETING = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
  private static final int METHOD = 1;
  private static final int CONNECTION_START = 10 << 16 | 10;
  private static final int MAX_ANSWER_BYTES = 64 << 10;
  private static final int TIMEOUT_MILLIS = 2_000;

  /** Who listens. */
  enum Listener {
    NOBODY,
    EMBEDDED_BROKER,
    STRANGER
  }

  private EmbeddedBrokerProbe() {}

  static Listener ask(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(EmbeddedMongo.loopback(port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      return converse(socket);
    } catch (ConnectException e) {
      return Listener.NOBODY;
    } catch (IOException e) {
      return Listener.STRANGER;
    }
  }

  private static Listener converse(Socket socket) throws IOException {
    socket.getOutputStream().write(GREETING);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    int type = in.readUnsignedByte();
    int channel = in.readUnsignedShort();
    int length = in.readInt();
    if (type != METHOD || channel != 0 || length < 4 || length > MAX_ANSWER_BYTES) {
      return Listener.STRANGER;
    }
    int method = in.readInt();
    byte[] arguments = new byte[length - 4];
    in.readFully(arguments);
    return method == CONNECTION_START
            && new String(arguments, StandardCharsets.ISO_8859_1).contains(NAME)
        ? Listener.EMBEDDED_BROKER
        : Listener.STRANGER;
  }
}
