// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Bytes;
import dev.warren.sync.EpochId;
import dev.warren.sync.replica.LogEntry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What members say to each other outside the log: while one of them joins (rules E1 to E3), and
 * while one waits until all have applied its writes ({@link Acknowledgements}).
 *
 * <pre>
 * joiner                         source
 *   | Who            (to all)      |
 *   |&lt;-------------------- Here    |   who holds what
 *   | Ask ----------------------->|   takes one cut
 *   |&lt;-------------------- Head    |   state, checksum, number of chunks is not known yet
 *   |&lt;-------------------- Chunk   |   at most {@link SnapshotServer#WINDOW} beyond the last credit
 *   | Credit -------------------->|
 *   |&lt;-------------------- End     |   number of chunks
 *   | Done ---------------------->|   lets go of the copy
 *   ..  after a cut connection, or when nothing came for a while  ..
 *   | Resume -------------------->|   what the joiner has; then as from Head on, or Refuse
 * </pre>
 *
 * Format: version byte 1, type byte, then the fields in order, big-endian as {@link
 * DataOutputStream} writes them; byte arrays with a 4-byte length that is checked against what is
 * left before anything is allocated.
 */
sealed interface PeerMessage {

  int VERSION = 1;

  /**
   * Asks all members what they hold. {@code recovering}: the asker is already filling its memory.
   */
  record Who() implements PeerMessage {}

  /** Answers {@link Who}. */
  record Here(EpochId epoch, boolean ready, boolean recovering, long position)
      implements PeerMessage {}

  record Ask(long transfer) implements PeerMessage {}

  record Head(long transfer, int checksum, byte[] state) implements PeerMessage {}

  record Chunk(long transfer, int index, String cache, List<Item> items) implements PeerMessage {}

  record Item(Bytes key, LogEntry entry) {}

  /** All chunks below {@code received} have come. */
  record Credit(long transfer, int received) implements PeerMessage {}

  record End(long transfer, int chunks) implements PeerMessage {}

  /** Asks the source to go on; all chunks below {@code received} have come. */
  record Resume(long transfer, int received) implements PeerMessage {}

  /** The joiner has it all. */
  record Done(long transfer) implements PeerMessage {}

  /** The source cannot serve, or no longer. */
  record Refuse(long transfer) implements PeerMessage {}

  /** Asks all members to tell from now on what they have applied (F1). */
  record Follow(long token) implements PeerMessage {}

  /** Answers {@link Follow}: what is applied, or {@link PositionReports#NO_MEMORY}. */
  record Report(long token, EpochId epoch, long position) implements PeerMessage {}

  /** Encodes this message. */
  default byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void write(DataOutputStream out) throws IOException {
    if (this instanceof Who) {
      out.writeByte(1);
    } else if (this instanceof Here here) {
      out.writeByte(2);
      writeEpoch(out, here.epoch());
      out.writeBoolean(here.ready());
      out.writeBoolean(here.recovering());
      out.writeLong(here.position());
    } else if (this instanceof Ask ask) {
      out.writeByte(3);
      out.writeLong(ask.transfer());
    } else if (this instanceof Head head) {
      out.writeByte(4);
      out.writeLong(head.transfer());
      out.writeInt(head.checksum());
      writeBytes(out, head.state());
    } else if (this instanceof Chunk chunk) {
      out.writeByte(5);
      out.writeLong(chunk.transfer());
      out.writeInt(chunk.index());
      out.writeUTF(chunk.cache());
      out.writeInt(chunk.items().size());
      for (Item item : chunk.items()) {
        writeBytes(out, item.key().array());
        writeBytes(out, item.entry().value());
        out.writeLong(item.entry().expiryMillis());
        out.writeLong(item.entry().writePosition());
        out.writeLong(item.entry().touchPosition());
      }
    } else if (this instanceof Credit credit) {
      out.writeByte(6);
      out.writeLong(credit.transfer());
      out.writeInt(credit.received());
    } else if (this instanceof End end) {
      out.writeByte(7);
      out.writeLong(end.transfer());
      out.writeInt(end.chunks());
    } else if (this instanceof Refuse refuse) {
      out.writeByte(8);
      out.writeLong(refuse.transfer());
    } else if (this instanceof Follow follow) {
      out.writeByte(9);
      out.writeLong(follow.token());
    } else if (this instanceof Report report) {
      out.writeByte(10);
      out.writeLong(report.token());
      writeEpoch(out, report.epoch());
      out.writeLong(report.position());
    } else if (this instanceof Resume resume) {
      out.writeByte(11);
      out.writeLong(resume.transfer());
      out.writeInt(resume.received());
    } else if (this instanceof Done done) {
      out.writeByte(12);
      out.writeLong(done.transfer());
    }
  }

  private static void writeEpoch(DataOutputStream out, EpochId epoch) throws IOException {
    out.writeLong(epoch.counter());
    out.writeLong(epoch.id().getMostSignificantBits());
    out.writeLong(epoch.id().getLeastSignificantBits());
  }

  private static EpochId readEpoch(DataInputStream in) throws IOException {
    return new EpochId(in.readLong(), new UUID(in.readLong(), in.readLong()));
  }

  /**
   * Decodes a message.
   *
   * @throws IOException if the bytes are no message of this version
   */
  static PeerMessage decode(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    int version = in.readUnsignedByte();
    if (version != VERSION) {
      throw new IOException(
          "a peer message must have version " + VERSION + ", but had version " + version);
    }
    int type = in.readUnsignedByte();
    return switch (type) {
      case 1 -> new Who();
      case 2 -> new Here(readEpoch(in), in.readBoolean(), in.readBoolean(), in.readLong());
      case 3 -> new Ask(in.readLong());
      case 4 -> new Head(in.readLong(), in.readInt(), readBytes(in));
      case 5 -> readChunk(in);
      case 6 -> new Credit(in.readLong(), in.readInt());
      case 7 -> new End(in.readLong(), in.readInt());
      case 8 -> new Refuse(in.readLong());
      case 9 -> new Follow(in.readLong());
      case 10 -> new Report(in.readLong(), readEpoch(in), in.readLong());
      case 11 -> new Resume(in.readLong(), in.readInt());
      case 12 -> new Done(in.readLong());
      default -> throw new IOException("unknown type of peer message: " + type);
    };
  }

  private static Chunk readChunk(DataInputStream in) throws IOException {
    long transfer = in.readLong();
    int index = in.readInt();
    String cache = in.readUTF();
    int count = in.readInt();
    if (index < 0) {
      throw new IOException("a chunk must not have the index " + index);
    }
    if (count < 0 || count > in.available()) {
      throw new IOException("a chunk of " + in.available() + " bytes cannot hold " + count);
    }
    List<Item> items = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      items.add(
          new Item(
              Bytes.wrap(readBytes(in)),
              new LogEntry(readBytes(in), in.readLong(), in.readLong(), in.readLong())));
    }
    return new Chunk(transfer, index, cache, items);
  }

  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException(
          "a length of " + length + " does not fit into the " + in.available() + " bytes left");
    }
    return in.readNBytes(length);
  }
}
