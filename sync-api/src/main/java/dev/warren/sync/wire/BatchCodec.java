// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.wire;

import dev.warren.sync.Batch;
import dev.warren.sync.Bytes;
import dev.warren.sync.EpochId;
import dev.warren.sync.Event;
import dev.warren.sync.Origin;
import dev.warren.sync.Positions;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/**
 * The batch format, version 1. Numbers are big-endian.
 *
 * <pre>
 *  offset  bytes
 *       0      4   magic "WRNB"
 *       4      1   version
 *       5      1   flags: bit 0 repeated
 *       6      8   epoch counter
 *      14     16   epoch id
 *      30     16   origin
 *      46      8   first sequence
 *      54      2   number of events, 1 to 4,096
 *      56      2   number of cache names
 *      58          cache names: 2 length, UTF-8
 *                  events: 1 type, then by type
 *                    cache events:  2 cache index
 *                    key events:    4 key length, key
 *                    Put            4 value length, value, 8 expiry, 8 expected
 *                    Fill           4 value length, value, 8 expiry, 8 began, 8 expected
 *                    Remove, Evict  8 expected
 *                    Touch          8 expiry, 8 expected
 *                    Expire         8 expected, 8 seen expiry
 *                    Epoch          8 counter, 16 id, 1 source kind, 16 member (zero if none)
 *                    Join           2 length, UTF-8 name
 *                    Suspect        16 member, 8 last heartbeat
 *                    Heartbeat      8 position, 8 count, 8 sum
 *                    Opened         2 length, UTF-8 cache, 2 length, UTF-8 mode
 *                    Closed         2 length, UTF-8 cache
 *  end - 4     4   CRC-32C of all before
 * </pre>
 *
 * A batch is taken whole or refused whole. Every length is checked against the bytes left before
 * anything is allocated, so that no input makes the decoder allocate more than a small multiple of
 * its own size.
 */
public final class BatchCodec {

  /** "WRNB". */
  public static final int MAGIC = 0x57524E42;

  public static final int VERSION = 1;

  static final int FLAG_REPEATED = 1;
  static final int HEADER_BYTES = 58;
  static final int TRAILER_BYTES = 4;

  /** Their places are their codes. */
  private static final List<Event.SourceKind> SOURCES =
      List.of(Event.SourceKind.NOTHING, Event.SourceKind.DATABASE, Event.SourceKind.MEMBER);

  private static final UUID NO_MEMBER = new UUID(0, 0);

  private enum Type {
    EPOCH(1),
    JOIN(2),
    READY(3),
    LEAVE(4),
    SUSPECT(5),
    HEARTBEAT(6),
    NOOP(7),
    OPENED(8),
    CLOSED(9),
    CLEAR(16),
    PUT(17),
    REMOVE(18),
    INVALIDATE(19),
    FILL(20),
    TOUCH(21),
    EXPIRE(22),
    EVICT(23);

    private static final Map<Integer, Type> BY_CODE =
        Arrays.stream(values())
            .collect(Collectors.toUnmodifiableMap(type -> type.code, type -> type));

    /** The type byte; below 16 control events. */
    final int code;

    Type(int code) {
      this.code = code;
    }

    static Type of(Event event) {
      if (event instanceof Event.KeyEvent keyEvent) {
        return ofKeyEvent(keyEvent);
      }
      if (event instanceof Event.Clear) {
        return CLEAR;
      }
      Event.Control control = (Event.Control) event;
      if (control instanceof Event.Epoch) {
        return EPOCH;
      } else if (control instanceof Event.Join) {
        return JOIN;
      } else if (control instanceof Event.Ready) {
        return READY;
      } else if (control instanceof Event.Leave) {
        return LEAVE;
      } else if (control instanceof Event.Suspect) {
        return SUSPECT;
      } else if (control instanceof Event.Heartbeat) {
        return HEARTBEAT;
      } else if (control instanceof Event.Opened) {
        return OPENED;
      } else if (control instanceof Event.Closed) {
        return CLOSED;
      }
      return NOOP;
    }

    private static Type ofKeyEvent(Event.KeyEvent event) {
      if (event instanceof Event.Put) {
        return PUT;
      } else if (event instanceof Event.Remove) {
        return REMOVE;
      } else if (event instanceof Event.Invalidate) {
        return INVALIDATE;
      } else if (event instanceof Event.Fill) {
        return FILL;
      } else if (event instanceof Event.Touch) {
        return TOUCH;
      } else if (event instanceof Event.Expire) {
        return EXPIRE;
      }
      return EVICT;
    }
  }

  private BatchCodec() {}

  /** Encodes a batch. */
  public static byte[] encode(Batch batch) {
    Map<String, Integer> names = new LinkedHashMap<>();
    long size = (long) HEADER_BYTES + TRAILER_BYTES;
    for (Event event : batch.events()) {
      if (event instanceof Event.CacheEvent cacheEvent && !names.containsKey(cacheEvent.cache())) {
        names.put(cacheEvent.cache(), names.size());
        size += 2L + utf8(cacheEvent.cache()).length;
      }
      size += sizeOf(event);
    }
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(size));
    out.putInt(MAGIC).put((byte) VERSION).put((byte) (batch.repeated() ? FLAG_REPEATED : 0));
    out.putLong(batch.epoch().counter());
    put(out, batch.epoch().id());
    put(out, batch.origin().id());
    out.putLong(batch.firstSequence());
    out.putShort((short) batch.events().size()).putShort((short) names.size());
    names.keySet().forEach(name -> put(out, name));
    for (Event event : batch.events()) {
      out.put((byte) Type.of(event).code);
      if (event instanceof Event.CacheEvent cacheEvent) {
        out.putShort(names.getOrDefault(cacheEvent.cache(), 0).shortValue());
        writeCacheEvent(out, cacheEvent);
      } else {
        writeControl(out, (Event.Control) event);
      }
    }
    out.putInt(crc(out.array(), out.position()));
    return out.array();
  }

  /** Bytes that an event takes in a batch, its cache name not counted. */
  static long sizeOf(Event event) {
    if (event instanceof Event.KeyEvent keyEvent) {
      long key = 7L + keyEvent.key().length();
      if (event instanceof Event.Put put) {
        return key + 4 + put.value().length + 16;
      } else if (event instanceof Event.Fill fill) {
        return key + 4 + fill.value().length + 24;
      } else if (event instanceof Event.Touch || event instanceof Event.Expire) {
        return key + 16;
      }
      return event instanceof Event.Invalidate ? key : key + 8;
    } else if (event instanceof Event.Clear) {
      return 3;
    } else if (event instanceof Event.Epoch) {
      return 1 + 8 + 16 + 1 + 16;
    } else if (event instanceof Event.Join join) {
      return 1 + 2L + utf8(join.name()).length;
    } else if (event instanceof Event.Opened opened) {
      return 1 + 4L + utf8(opened.cache()).length + utf8(opened.mode()).length;
    } else if (event instanceof Event.Closed closed) {
      return 1 + 2L + utf8(closed.cache()).length;
    }
    return event instanceof Event.Suspect || event instanceof Event.Heartbeat ? 1 + 24 : 1;
  }

  private static void writeCacheEvent(ByteBuffer out, Event.CacheEvent event) {
    if (event instanceof Event.KeyEvent keyEvent) {
      put(out, keyEvent.key().array());
    }
    if (event instanceof Event.Put put) {
      put(out, put.value());
      out.putLong(put.expiryMillis()).putLong(put.expected());
    } else if (event instanceof Event.Fill fill) {
      put(out, fill.value());
      out.putLong(fill.expiryMillis()).putLong(fill.began()).putLong(fill.expected());
    } else if (event instanceof Event.Remove remove) {
      out.putLong(remove.expected());
    } else if (event instanceof Event.Evict evict) {
      out.putLong(evict.expected());
    } else if (event instanceof Event.Touch touch) {
      out.putLong(touch.expiryMillis()).putLong(touch.expected());
    } else if (event instanceof Event.Expire expire) {
      out.putLong(expire.expected()).putLong(expire.seenExpiryMillis());
    }
  }

  private static void writeControl(ByteBuffer out, Event.Control event) {
    if (event instanceof Event.Epoch epoch) {
      out.putLong(epoch.id().counter());
      put(out, epoch.id().id());
      out.put((byte) SOURCES.indexOf(epoch.source()));
      Origin member = epoch.member();
      put(out, member == null ? NO_MEMBER : member.id());
    } else if (event instanceof Event.Join join) {
      put(out, join.name());
    } else if (event instanceof Event.Suspect suspect) {
      put(out, suspect.member().id());
      out.putLong(suspect.lastHeartbeat());
    } else if (event instanceof Event.Heartbeat beat) {
      out.putLong(beat.position()).putLong(beat.count()).putLong(beat.sum());
    } else if (event instanceof Event.Opened opened) {
      put(out, opened.cache());
      put(out, opened.mode());
    } else if (event instanceof Event.Closed closed) {
      put(out, closed.cache());
    }
  }

  /**
   * Decodes a batch.
   *
   * @throws UnknownVersionException if it is a batch of another version
   * @throws CorruptBatchException if it is no batch, or damaged
   */
  public static Batch decode(byte[] bytes) {
    if (bytes.length < HEADER_BYTES + TRAILER_BYTES) {
      throw new CorruptBatchException(
          "a batch must have at least %d bytes, but had %d"
              .formatted(HEADER_BYTES + TRAILER_BYTES, bytes.length));
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int magic = in.getInt();
    if (magic != MAGIC) {
      throw new CorruptBatchException(
          "a batch must begin with %08x, but began with %08x".formatted(MAGIC, magic));
    }
    int version = in.get() & 0xff;
    if (version != VERSION) {
      throw new UnknownVersionException(version, VERSION);
    }
    int end = bytes.length - TRAILER_BYTES;
    int expected = in.getInt(end);
    int actual = crc(bytes, end);
    if (expected != actual) {
      throw new CorruptBatchException(
          "the checksum must be %08x, but was %08x".formatted(expected, actual));
    }
    in.limit(end);
    try {
      return decodeBody(in);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new CorruptBatchException("the batch ends early or is malformed: " + e.getMessage());
    }
  }

  private static Batch decodeBody(ByteBuffer in) {
    boolean repeated = (in.get() & FLAG_REPEATED) != 0;
    EpochId epoch = new EpochId(in.getLong(), uuid(in));
    Origin origin = new Origin(uuid(in));
    long firstSequence = in.getLong();
    int count = in.getShort() & 0xffff;
    if (count > Positions.MAX_BATCH_EVENTS || count > in.remaining()) {
      throw new CorruptBatchException(count + " events do not fit into the batch");
    }
    int nameCount = in.getShort() & 0xffff;
    if (nameCount > in.remaining()) {
      throw new CorruptBatchException(nameCount + " cache names do not fit into the batch");
    }
    List<String> names = new ArrayList<>(nameCount);
    for (int i = 0; i < nameCount; i++) {
      names.add(string(in));
    }
    List<Event> events = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      events.add(readEvent(in, names));
    }
    if (in.hasRemaining()) {
      throw new CorruptBatchException(in.remaining() + " bytes follow the last event");
    }
    return new Batch(epoch, origin, firstSequence, repeated, events);
  }

  private static Event readEvent(ByteBuffer in, List<String> names) {
    int code = in.get() & 0xff;
    Type type = Type.BY_CODE.get(code);
    if (type == null) {
      throw new CorruptBatchException("unknown event type " + code);
    }
    return type.code < Type.CLEAR.code ? readControl(in, type) : readCacheEvent(in, type, names);
  }

  private static Event readControl(ByteBuffer in, Type type) {
    return switch (type) {
      case EPOCH -> readEpoch(in);
      case JOIN -> new Event.Join(string(in));
      case READY -> new Event.Ready();
      case LEAVE -> new Event.Leave();
      case SUSPECT -> new Event.Suspect(new Origin(uuid(in)), in.getLong());
      case HEARTBEAT -> new Event.Heartbeat(in.getLong(), in.getLong(), in.getLong());
      case OPENED -> new Event.Opened(string(in), string(in));
      case CLOSED -> new Event.Closed(string(in));
      default -> new Event.Noop();
    };
  }

  private static Event readEpoch(ByteBuffer in) {
    EpochId id = new EpochId(in.getLong(), uuid(in));
    int kind = in.get() & 0xff;
    if (kind >= SOURCES.size()) {
      throw new CorruptBatchException("unknown source of an epoch: " + kind);
    }
    UUID member = uuid(in);
    Event.SourceKind source = SOURCES.get(kind);
    return new Event.Epoch(
        id, source, source == Event.SourceKind.MEMBER ? new Origin(member) : null);
  }

  private static Event readCacheEvent(ByteBuffer in, Type type, List<String> names) {
    int index = in.getShort() & 0xffff;
    if (index >= names.size()) {
      throw new CorruptBatchException("cache index %d of %d names".formatted(index, names.size()));
    }
    String cache = names.get(index);
    if (type == Type.CLEAR) {
      return new Event.Clear(cache);
    }
    Bytes key = Bytes.wrap(bytes(in));
    return switch (type) {
      case PUT -> new Event.Put(cache, key, bytes(in), in.getLong(), in.getLong());
      case REMOVE -> new Event.Remove(cache, key, in.getLong());
      case INVALIDATE -> new Event.Invalidate(cache, key);
      case FILL -> new Event.Fill(cache, key, bytes(in), in.getLong(), in.getLong(), in.getLong());
      case TOUCH -> new Event.Touch(cache, key, in.getLong(), in.getLong());
      case EXPIRE -> new Event.Expire(cache, key, in.getLong(), in.getLong());
      default -> new Event.Evict(cache, key, in.getLong());
    };
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static byte[] utf8(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0xffff) {
      throw new IllegalArgumentException(
          "a name must have at most 65,535 bytes in UTF-8, but had " + bytes.length);
    }
    return bytes;
  }

  private static void put(ByteBuffer out, String text) {
    byte[] bytes = utf8(text);
    out.putShort((short) bytes.length).put(bytes);
  }

  private static void put(ByteBuffer out, byte[] bytes) {
    out.putInt(bytes.length).put(bytes);
  }

  private static void put(ByteBuffer out, UUID id) {
    out.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
  }

  private static UUID uuid(ByteBuffer in) {
    return new UUID(in.getLong(), in.getLong());
  }

  private static String string(ByteBuffer in) {
    return new String(take(in, in.getShort() & 0xffff), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ByteBuffer in) {
    return take(in, in.getInt());
  }

  private static byte[] take(ByteBuffer in, int length) {
    if (length < 0 || length > in.remaining()) {
      throw new CorruptBatchException(
          "a length of %d does not fit into the %d bytes left".formatted(length, in.remaining()));
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
