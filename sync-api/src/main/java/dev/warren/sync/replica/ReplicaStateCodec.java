// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.replica;

import dev.warren.sync.EpochId;
import dev.warren.sync.Origin;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A replica's control state as bytes, in snapshots and checkpoints (rules E2, G3).
 *
 * <pre>
 * byte    version = 1
 * epoch   8 counter, 16 id
 * 8       offset | 8 count | 8 sum | 1 truncated
 * map     sequences:  4 size, then (16 origin, 8 sequence)
 * list    previous:   4 size, then (epoch, map of sequences)
 * map     view:       4 size, then (16 origin, UTF name, 8 join, 1 ready, 8 heartbeat)
 * map     caches:     4 size, then (UTF name, 8 cleared at, {@link Stripes#COUNT} x 8 stripes)
 * </pre>
 */
public final class ReplicaStateCodec {

  private static final int VERSION = 1;

  private ReplicaStateCodec() {}

  /** Encodes a state. */
  public static byte[] encode(ReplicaState state) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      writeEpoch(out, state.epoch());
      out.writeLong(state.offset());
      out.writeLong(state.count());
      out.writeLong(state.sum());
      out.writeBoolean(state.truncated());
      writeSequences(out, state.sequences());
      out.writeInt(state.previous().size());
      for (Replica.PreviousEpoch previous : state.previous()) {
        writeEpoch(out, previous.epoch());
        writeSequences(out, previous.sequences());
      }
      out.writeInt(state.view().size());
      for (Map.Entry<Origin, Member> e : state.view().entrySet()) {
        writeUuid(out, e.getKey().id());
        out.writeUTF(e.getValue().name());
        out.writeLong(e.getValue().joinPosition());
        out.writeBoolean(e.getValue().ready());
        out.writeLong(e.getValue().lastHeartbeat());
      }
      out.writeInt(state.caches().size());
      for (Map.Entry<String, ReplicaState.CacheControl> e : state.caches().entrySet()) {
        out.writeUTF(e.getKey());
        out.writeLong(e.getValue().clearedAt());
        for (long stripe : e.getValue().stripes()) {
          out.writeLong(stripe);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Decodes a state.
   *
   * @throws IOException if the bytes are no state of this version
   */
  public static ReplicaState decode(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    int version = in.readUnsignedByte();
    if (version != VERSION) {
      throw new IOException(
          "a replica state must have version " + VERSION + ", but had version " + version);
    }
    EpochId epoch = readEpoch(in);
    long offset = in.readLong();
    long count = in.readLong();
    long sum = in.readLong();
    boolean truncated = in.readBoolean();
    Map<Origin, Long> sequences = readSequences(in);
    List<Replica.PreviousEpoch> previous = new ArrayList<>();
    for (int i = readSize(in, 28); i > 0; i--) {
      previous.add(new Replica.PreviousEpoch(readEpoch(in), readSequences(in)));
    }
    Map<Origin, Member> view = new HashMap<>();
    for (int i = readSize(in, 33); i > 0; i--) {
      Origin origin = new Origin(readUuid(in));
      view.put(origin, new Member(in.readUTF(), in.readLong(), in.readBoolean(), in.readLong()));
    }
    Map<String, ReplicaState.CacheControl> caches = new HashMap<>();
    for (int i = readSize(in, 8 * Stripes.COUNT); i > 0; i--) {
      String name = in.readUTF();
      long clearedAt = in.readLong();
      long[] stripes = new long[Stripes.COUNT];
      for (int s = 0; s < stripes.length; s++) {
        stripes[s] = in.readLong();
      }
      caches.put(name, new ReplicaState.CacheControl(stripes, clearedAt));
    }
    return new ReplicaState(
        epoch, offset, count, sum, truncated, sequences, previous, view, caches);
  }

  private static void writeEpoch(DataOutputStream out, EpochId epoch) throws IOException {
    out.writeLong(epoch.counter());
    writeUuid(out, epoch.id());
  }

  private static EpochId readEpoch(DataInputStream in) throws IOException {
    return new EpochId(in.readLong(), readUuid(in));
  }

  private static void writeUuid(DataOutputStream out, UUID id) throws IOException {
    out.writeLong(id.getMostSignificantBits());
    out.writeLong(id.getLeastSignificantBits());
  }

  private static UUID readUuid(DataInputStream in) throws IOException {
    return new UUID(in.readLong(), in.readLong());
  }

  private static void writeSequences(DataOutputStream out, Map<Origin, Long> sequences)
      throws IOException {
    out.writeInt(sequences.size());
    for (Map.Entry<Origin, Long> e : sequences.entrySet()) {
      writeUuid(out, e.getKey().id());
      out.writeLong(e.getValue());
    }
  }

  private static Map<Origin, Long> readSequences(DataInputStream in) throws IOException {
    Map<Origin, Long> sequences = new HashMap<>();
    for (int i = readSize(in, 24); i > 0; i--) {
      Origin origin = new Origin(readUuid(in));
      sequences.put(origin, in.readLong());
    }
    return sequences;
  }

  private static int readSize(DataInputStream in, int elementBytes) throws IOException {
    int size = in.readInt();
    if (size < 0 || (long) size * elementBytes > in.available()) {
      throw new IOException(
          size + " elements do not fit into the " + in.available() + " bytes left");
    }
    return size;
  }
}
