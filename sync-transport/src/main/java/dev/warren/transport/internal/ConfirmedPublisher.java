// SPDX-License-Identifier: Apache-2.0
package dev.warren.transport.internal;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import dev.warren.sync.TransportException;
import dev.warren.sync.TransportException.Reason;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Publishes over one channel and tells the fate of each message.
 *
 * <p>Every message is mandatory and carries its publish sequence number as message id. A broker
 * that cannot route a message returns it and then confirms it (RabbitMQ), or refuses and then
 * returns it (Qpid), so a message is safe exactly if it was confirmed and not returned. Right after
 * its start RabbitMQ confirms what it did not store; only the return tells.
 *
 * <p>The client calls back on the thread that reads the socket. That thread takes no lock here,
 * because a publisher may hold {@link #lock} while the socket takes no more; and callers' stages
 * are completed elsewhere, because they may publish or block.
 */
final class ConfirmedPublisher {

  private final Channel channel;
  private final Executor completions;

  /** Held while a sequence number is taken and its message written, so that both orders agree. */
  private final Object lock = new Object();

  private final ConcurrentNavigableMap<Long, Pending> pending = new ConcurrentSkipListMap<>();
  private volatile @Nullable TransportException ended;

  private static final class Pending {
    final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    final Supplier<TransportException> whenReturned;
    volatile boolean returned;

    Pending(Supplier<TransportException> whenReturned) {
      this.whenReturned = whenReturned;
    }
  }

  ConfirmedPublisher(Channel channel, Executor completions) throws IOException {
    this.channel = channel;
    this.completions = completions;
    channel.confirmSelect();
    channel.addReturnListener(
        returned -> {
          Pending p = pending.get(Long.parseLong(returned.getProperties().getMessageId()));
          if (p != null) {
            p.returned = true;
          }
        });
    channel.addConfirmListener(
        (sequence, multiple) -> settle(sequence, multiple, true),
        (sequence, multiple) -> settle(sequence, multiple, false));
  }

  private void settle(long sequence, boolean multiple, boolean confirmed) {
    if (multiple) {
      var upTo = pending.headMap(sequence, true);
      for (var entry = upTo.pollFirstEntry(); entry != null; entry = upTo.pollFirstEntry()) {
        complete(entry.getValue(), confirmed);
      }
      return;
    }
    Pending one = pending.remove(sequence);
    if (one != null) {
      complete(one, confirmed);
    }
  }

  private void complete(Pending one, boolean confirmed) {
    completions.execute(
        () -> {
          if (confirmed && !one.returned) {
            one.done.complete(null);
          } else {
            one.done.completeExceptionally(one.whenReturned.get());
          }
        });
  }

  CompletableFuture<@Nullable Void> publish(
      String exchange,
      String routingKey,
      AMQP.BasicProperties.Builder properties,
      byte[] body,
      Supplier<TransportException> whenReturned) {
    Pending mine = new Pending(whenReturned);
    TransportException failed = null;
    synchronized (lock) {
      long sequence = channel.getNextPublishSeqNo();
      pending.put(sequence, mine);
      // After the put: whoever ended the publisher has either emptied the map after it, or is seen.
      failed = ended;
      if (failed == null) {
        try {
          channel.basicPublish(
              exchange,
              routingKey,
              true,
              properties.messageId(Long.toString(sequence)).build(),
              body);
        } catch (IOException | RuntimeException e) {
          failed =
              new TransportException(
                  Reason.CONNECTION_LOST, "the connection ended while a message was written", e);
        }
      }
      if (failed != null) {
        pending.remove(sequence);
      }
    }
    if (failed != null) {
      mine.done.completeExceptionally(failed);
    }
    return mine.done;
  }

  /** Fails what was not confirmed, and whatever comes later. */
  void end(TransportException cause) {
    ended = cause;
    for (var entry = pending.pollFirstEntry(); entry != null; entry = pending.pollFirstEntry()) {
      Pending one = entry.getValue();
      completions.execute(() -> one.done.completeExceptionally(cause));
    }
  }
}
