// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Origin;
import dev.warren.sync.PeerChannel;
import dev.warren.sync.replica.ReplicaStateCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * The source's side of a transfer (rules E2, E3): one cut by reference, streamed in chunks from a
 * background thread, at most {@link #WINDOW} chunks beyond the joiner's last credit, so that
 * neither side holds more of the copy in encoded form than that. All methods on the applier thread.
 */
final class SnapshotServer {

  /** Chunks that may be on their way. */
  static final int WINDOW = 8;

  /** Bytes of keys and values at which a chunk is sent. */
  static final int CHUNK_BYTES = 128 << 10;

  private final PeerChannel peers;
  private final Executor background;
  private final Applier applier;
  private final Map<Key, Transfer> transfers = new HashMap<>();

  /** A transfer without a credit for so long has lost its joiner: the copy is let go of (E3). */
  private static final long LOST_MILLIS = 4 * MemberCore.STALL.toMillis();

  private record Key(Origin joiner, long transfer) {}

  SnapshotServer(PeerChannel peers, Executor background, Applier applier) {
    this.peers = peers;
    this.background = background;
    this.applier = applier;
  }

  /** Starts a transfer of {@code image}; an older one to the same joiner ends. */
  void serve(Origin joiner, long transfer, SnapshotImage image) {
    transfers.keySet().removeIf(key -> key.joiner().equals(joiner));
    Transfer started = new Transfer(new Key(joiner, transfer), image);
    started.movedMillis = applier.nowMillis();
    transfers.put(started.key, started);
    background.execute(
        () -> {
          started.send(
              new PeerMessage.Head(
                  transfer, image.checksum(), ReplicaStateCodec.encode(image.state())));
          started.sendUpTo(WINDOW);
        });
  }

  void credit(Origin joiner, long transfer, int received) {
    Transfer running = transfers.get(new Key(joiner, transfer));
    if (running != null) {
      running.movedMillis = applier.nowMillis();
      background.execute(() -> running.sendUpTo(received + WINDOW));
    }
  }

  /** Now and then: lets go of what nobody receives any more. */
  void tick(long nowMillis) {
    transfers.values().removeIf(transfer -> nowMillis - transfer.movedMillis > LOST_MILLIS);
  }

  /** Transfers under way. */
  int underWay() {
    return transfers.size();
  }

  /** The connection ended: joiners ask again. */
  void reset() {
    transfers.clear();
  }

  private void end(Key key) {
    transfers.remove(key);
  }

  /** Its sending part runs on background threads, one at a time by its monitor. */
  private final class Transfer {
    final Key key;
    private final Iterator<Map.Entry<String, EntryList>> caches;
    private String cache = "";
    private EntryList entries = new EntryList();
    private int place;
    private int sent;
    private boolean finished;

    /** When it was begun or last credited; applier thread. */
    private long movedMillis;

    Transfer(Key key, SnapshotImage image) {
      this.key = key;
      this.caches = image.entries().entrySet().iterator();
    }

    synchronized void sendUpTo(int limit) {
      while (!finished && sent < limit) {
        List<PeerMessage.Item> items = nextItems();
        if (items.isEmpty()) {
          finished = true;
          send(new PeerMessage.End(key.transfer(), sent));
          applier.execute(() -> end(key));
        } else {
          send(new PeerMessage.Chunk(key.transfer(), sent, cache, items));
          sent++;
        }
      }
    }

    private List<PeerMessage.Item> nextItems() {
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
      return items;
    }

    void send(PeerMessage message) {
      peers
          .send(key.joiner(), message.encode())
          .whenComplete(
              (done, failure) -> {
                if (failure != null) {
                  applier.execute(() -> end(key));
                }
              });
    }
  }
}
