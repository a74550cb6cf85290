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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A replica's control state as bytes, in snapshots and checkpoints (rules E2, G3).
 *
 * <pre>
 * byte    version = 2
 * epoch   8 counter, 16 id
 * 8       offset | 8 count | 8 sum | 1 truncated
 * map     sequences:  4 size, then (16 origin, 8 sequence)
 * list    previous:   4 size, then (epoch, map of sequences)
 * map     view:       4 size, then (16 origin, UTF name, 8 join, 1 ready, 8 heartbeat)
 * map     caches:     4 size, then (UTF name, 8 cleared at, {@link Stripes#COUNT} x 8 stripes)
 * map     open:       4 size, then (UTF name, UTF mode, 4 size, 16 each origin)
 * </pre>
 *
 * Version 1 ends before {@code open}; it is read as if nobody had a cache open.
 */
public final class ReplicaStateCodec {

  private static final int VERSION = 2;
  private static final int WITHOUT_OPEN = 1;

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
      out.writeInt(state.open().size());
      for (Map.Entry<String, OpenCache> e : state.open().entrySet()) {
        out.writeUTF(e.getKey());
        out.writeUTF(e.getValue().mode());
        out.writeInt(e.getValue().members().size());
        for (Origin member : e.getValue().members()) {
          writeUuid(out, member.id());
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
    if (version != VERSION && version != WITHOUT_OPEN) {
      throw new IOException(
          "a replica state must have version "
              + WITHOUT_OPEN
              + " or "
              + VERSION
              + ", but had version "
              + version);
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
    Map<String, OpenCache> open = version == WITHOUT_OPEN ? Map.of() : readOpen(in);
    return new ReplicaState(
        epoch, offset, count, sum, truncated, sequences, previous, view, caches, open);
  }

  private static Map<String, OpenCache> readOpen(DataInputStream in) throws IOException {
    Map<String, OpenCache> open = new HashMap<>();
    for (int i = readSize(in, 8); i > 0; i--) {
      String name = in.readUTF();
      String mode = in.readUTF();
      Set<Origin> members = new HashSet<>();
      for (int m = readSize(in, 16); m > 0; m--) {
        members.add(new Origin(readUuid(in)));
      }
      if (members.isEmpty()) {
        throw new IOException("an open cache must name members, but \"" + name + "\" names none");
      }
      open.put(name, new OpenCache(mode, members));
    }
    return open;
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
