// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.EpochId;
import dev.warren.sync.Origin;
import dev.warren.sync.PeerChannel;
import dev.warren.sync.replica.ReplicaState;
import dev.warren.sync.replica.ReplicaStateCodec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * The source's side of a transfer (rules E2, E3): one cut by reference, streamed in chunks from a
 * background thread, at most {@link #WINDOW} chunks beyond the joiner's last credit, so that
 * neither side holds more of the copy in encoded form than that, and no faster than {@link Pace}
 * lets it.
 *
 * <p><b>Resuming.</b> What goes over the peer channel may be lost with a connection of either side.
 * A credit says which chunks have come without a gap; the others, at most a window of them, are
 * kept, and are sent again when the joiner asks for it. So a transfer outlives connections as long
 * as both processes live; the joiner has all when it has as many chunks as {@code End} says.
 *
 * <p>All methods on the applier thread.
 */
final class SnapshotServer {

  /** Chunks that may be on their way. */
  static final int WINDOW = 8;

  /** Bytes of keys and values at which a chunk is sent. */
  static final int CHUNK_BYTES = 128 << 10;

  private final PeerChannel peers;
  private final Executor background;
  private final Applier applier;
  private final Pace pace;
  private final Map<Key, Transfer> transfers = new HashMap<>();

  /** A transfer without a credit for so long has lost its joiner: the copy is let go of (E3). */
  private static final long LOST_MILLIS = 4 * MemberCore.STALL.toMillis();

  private record Key(Origin joiner, long transfer) {}

  SnapshotServer(PeerChannel peers, Executor background, Applier applier, long maxBytesPerSecond) {
    this.peers = peers;
    this.background = background;
    this.applier = applier;
    this.pace = new Pace(maxBytesPerSecond);
  }

  /** Starts a transfer of {@code image}; an older one to the same joiner ends. */
  void serve(Origin joiner, long transfer, SnapshotImage image) {
    transfers.keySet().removeIf(key -> key.joiner().equals(joiner));
    Transfer started = new Transfer(new Key(joiner, transfer), image);
    started.movedMillis = applier.nowMillis();
    transfers.put(started.key, started);
    background.execute(() -> started.sendFrom(0));
  }

  void credit(Origin joiner, long transfer, int received) {
    Transfer running = transfers.get(new Key(joiner, transfer));
    if (running != null) {
      running.movedMillis = applier.nowMillis();
      background.execute(() -> running.confirmed(received));
    }
  }

  /** Goes on behind what has come; false if there is no such transfer of this epoch. */
  boolean resume(Origin joiner, long transfer, int received, EpochId epoch) {
    Transfer running = transfers.get(new Key(joiner, transfer));
    if (running == null || !running.head.epoch().equals(epoch)) {
      return false;
    }
    running.movedMillis = applier.nowMillis();
    background.execute(() -> running.sendFrom(received));
    return true;
  }

  /** The joiner has it all. */
  void done(Origin joiner, long transfer) {
    transfers.remove(new Key(joiner, transfer));
  }

  /** Now and then: lets go of what nobody receives any more. */
  void tick(long nowMillis) {
    transfers.values().removeIf(transfer -> nowMillis - transfer.movedMillis > LOST_MILLIS);
  }

  /** Transfers under way. */
  int underWay() {
    return transfers.size();
  }

  /** Its sending part runs on background threads, one at a time by its monitor. */
  private final class Transfer {
    final Key key;
    final ReplicaState head;
    private final int checksum;
    private final Iterator<Map.Entry<String, EntryList>> caches;
    private String cache = "";
    private EntryList entries = new EntryList();
    private int place;

    /** Sent, and not credited yet. */
    private final Deque<PeerMessage.Chunk> kept = new ArrayDeque<>();

    private int sent;
    private int limit;
    private boolean waiting;
    private boolean finished;

    /** When it was begun, credited or resumed last; applier thread. */
    private long movedMillis;

    Transfer(Key key, SnapshotImage image) {
      this.key = key;
      this.head = image.state();
      this.checksum = image.checksum();
      this.caches = image.entries().entrySet().iterator();
    }

    /** Sends all but the first {@code received} chunks, as far as the window goes. */
    synchronized void sendFrom(int received) {
      send(new PeerMessage.Head(key.transfer(), checksum, ReplicaStateCodec.encode(head)));
      forget(received);
      kept.forEach(this::send);
      if (finished) {
        end();
      }
      limit = Math.max(limit, received + WINDOW);
      goOn();
    }

    synchronized void confirmed(int received) {
      forget(received);
      limit = Math.max(limit, received + WINDOW);
      goOn();
    }

    private void forget(int received) {
      while (!kept.isEmpty() && kept.getFirst().index() < received) {
        kept.removeFirst();
      }
    }

    private void goOn() {
      while (!finished && !waiting && sent < limit) {
        long wait = pace.waitMillis(applier.nowMillis());
        if (wait > 0) {
          waiting = true;
          applier.schedule(Duration.ofMillis(wait), () -> background.execute(this::waited));
          return;
        }
        nextChunk();
      }
    }

    private synchronized void waited() {
      waiting = false;
      goOn();
    }

    private void nextChunk() {
      while (place == entries.size() && caches.hasNext()) {
        Map.Entry<String, EntryList> next = caches.next();
        cache = next.getKey();
        entries = next.getValue();
        place = 0;
      }
      List<PeerMessage.Item> items = new ArrayList<>();
      long bytes = 0;
      while (place < entries.size() && bytes < CHUNK_BYTES) {
        PeerMessage.Item item = new PeerMessage.Item(entries.key(place), entries.entry(place));
        place++;
        items.add(item);
        bytes += 32L + item.key().length() + item.entry().value().length;
      }
      if (items.isEmpty()) {
        finished = true;
        end();
        return;
      }
      PeerMessage.Chunk chunk = new PeerMessage.Chunk(key.transfer(), sent++, cache, items);
      kept.addLast(chunk);
      pace.sent(applier.nowMillis(), bytes);
      send(chunk);
    }

    private void end() {
      send(new PeerMessage.End(key.transfer(), sent));
    }

    /** What cannot be sent is kept: the joiner asks for it when it hears nothing. */
    private void send(PeerMessage message) {
      peers.send(key.joiner(), message.encode());
    }
  }
}
