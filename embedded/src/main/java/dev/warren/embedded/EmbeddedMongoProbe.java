// SPDX-License-Identifier: Apache-2.0
package dev.warren.embedded;

import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.bson.BsonDecoder;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Socket;

/**
 * Asks whoever listens on a loopback port whether it is an embedded MongoDB, in one OP_MSG.
 *
 * <pre>
 *   0        4          8           12      16      20  21
 *   +--------+----------+-----------+-------+-------+---+-----------------------------------+
 *   | length | request  | answer to | 2013  | flags | 0 | {warrenEmbedded: 1, $db: "admin"} |
 *   +--------+----------+-----------+-------+-------+---+-----------------------------------+
 * </pre>
 *
 * <p>Little-endian; the answer has the same shape. See the MongoDB Wire Protocol, OP_MSG.
 */
final class EmbeddedMongoProbe {
  private static final int OP_MSG = 2013;
  private static final int HEADER_BYTES = 16;
  private static final int PROLOGUE_BYTES = HEADER_BYTES + 4 + 1;
  private static final int MAX_ANSWER_BYTES = 64 << 10;
  private static final int TIMEOUT_MILLIS = 2_000;

  /** Who listens. */
  sealed interface Listener {
    /** Nobody. */
    record Nobody() implements Listener {}

    /** An embedded MongoDB; {@code dir} is empty if it is in memory. */
    record Embedded(String dir) implements Listener {}

    /** Something else. */
    record Stranger() implements Listener {}
  }

  private EmbeddedMongoProbe() {}

  static Listener ask(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(EmbeddedMongo.loopback(port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      return converse(socket);
    } catch (ConnectException e) {
      return new Listener.Nobody();
    } catch (IOException e) {
      return new Listener.Stranger();
    }
  }

  private static Listener converse(Socket socket) throws IOException {
    ByteBuf question = Unpooled.buffer();
    question.writeIntLE(0).writeIntLE(1).writeIntLE(0).writeIntLE(OP_MSG);
    question.writeIntLE(0).writeByte(0);
    BsonEncoder.encodeDocument(
        new Document(EmbeddedMongoBackend.WHO, 1).append("$db", "admin"), question);
    question.setIntLE(0, question.readableBytes());
    question.readBytes(socket.getOutputStream(), question.readableBytes());

    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] prologue = new byte[PROLOGUE_BYTES];
    in.readFully(prologue);
    ByteBuf header = Unpooled.wrappedBuffer(prologue);
    int length = header.getIntLE(0);
    if (header.getIntLE(12) != OP_MSG || length < PROLOGUE_BYTES || length > MAX_ANSWER_BYTES) {
      return new Listener.Stranger();
    }
    byte[] body = new byte[length - PROLOGUE_BYTES];
    in.readFully(body);
    try {
      Document answer = BsonDecoder.decodeBson(Unpooled.wrappedBuffer(body));
      return answer.containsKey(EmbeddedMongoBackend.WHO)
              && answer.get(EmbeddedMongoBackend.DIR) instanceof String dir
          ? new Listener.Embedded(dir)
          : new Listener.Stranger();
    } catch (UncheckedIOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return new Listener.Stranger();
    }
  }
}
