// SPDX-License-Identifier: Apache-2.0
package dev.warren.transport.internal;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.sync.LogRecord;
import dev.warren.sync.SharedLog;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One subscription over one connection. The client offers deliveries to the handler. From the first
 * that it does not take at once they go to a queue, which the prefetch bounds: a thread of the
 * subscription's own gives them to the handler, so one that blocks holds up nobody else. Only when
 * that thread has handed on all that it was given does the client offer again; so they keep their
 * order, and one at a time is with the handler. That thread acknowledges too, for the socket may
 * take nothing.
 *
 * <p>Offsets: a RabbitMQ stream delivers whole chunks, so the first records may lie before the
 * wanted one and are skipped. Qpid always delivers from the beginning of the queue and names no
 * offsets; they are counted, and what lies before the wanted one is skipped as well.
 */
final class LogConsumer implements SharedLog.LogSubscription {

  /**
   * @param offset -1 for what is only to be acknowledged
   */
  private record Delivery(long offset, long tag, byte[] bytes) {
    LogRecord asRecord() {
      return new LogRecord(offset, bytes);
    }
  }

  private static final long IDLE_MILLIS = 5_000;

  /** Wakes the own thread: it is time to acknowledge, or all has ended. */
  private static final Delivery WAKE = new Delivery(-1, -1, new byte[0]);

  private final Link link;
  private final long fromOffset;
  private final SharedLog.LogHandler handler;
  private final Consumer<LogConsumer> whenEnded;
  private final BlockingQueue<Delivery> queue = new LinkedBlockingQueue<>();

  /** Deliveries that the own thread was given and has not handed on. */
  private final AtomicInteger waiting = new AtomicInteger();

  private final Object acknowledging = new Object();

  // Guarded by acknowledging.
  private int unacknowledged;
  private long lastTag;

  private volatile boolean ended;
  private volatile @Nullable Thread thread;
  private long counted;

  LogConsumer(
      Link link, long fromOffset, SharedLog.LogHandler handler, Consumer<LogConsumer> whenEnded) {
    this.link = link;
    this.fromOffset = fromOffset;
    this.handler = handler;
    this.whenEnded = whenEnded;
  }

  /**
   * Begins to consume. The broker's answers are awaited on this subscription's own thread: the
   * caller may be one that must not wait. Only {@link SharedLog#NEXT} is asked for before the
   * return, since a record appended after it is to be delivered.
   */
  void start(ThreadFactory threads) {
    try {
      Optional<Channel> ready =
          fromOffset == SharedLog.NEXT ? Optional.of(subscribe()) : Optional.empty();
      Thread started = threads.newThread(() -> run(ready));
      thread = started;
      started.start();
    } catch (IOException | RuntimeException e) {
      ended = true;
      whenEnded.accept(this);
      link.lose(e);
    }
  }

  private void run(Optional<Channel> ready) {
    Channel own = null;
    try {
      own = ready.isPresent() ? ready.get() : subscribe();
      deliver(own);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException | Error e) {
      failed(e);
    } finally {
      ended = true;
      queue.clear();
      whenEnded.accept(this);
      if (own != null) {
        Link.closeQuietly(own);
      }
    }
  }

  /** Going on would leave a record out: a new connection makes the owner subscribe again. */
  private void failed(Throwable e) {
    if (!ended) {
      end(); // at once: nothing that comes now may be handed on
      link.lose(e);
    }
  }

  private void deliver(Channel own) throws IOException, InterruptedException {
    while (!ended) {
      Delivery next = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
      if (ended) {
        break;
      }
      boolean acknowledge = true;
      if (next != null && next.tag >= 0) {
        if (next.offset >= 0) {
          handler.onRecord(next.asRecord());
        }
        acknowledge = isEnoughWith(next.tag);
        waiting.decrementAndGet();
      }
      if (acknowledge) {
        acknowledge(own);
      }
    }
  }

  /** On the client's thread. */
  private void arrived(Delivery delivery) {
    try {
      boolean atOnce =
          waiting.get() == 0
              && !ended
              && (delivery.offset < 0 || handler.offer(delivery.asRecord()));
      if (!atOnce) {
        waiting.incrementAndGet();
        queue.add(delivery);
      } else if (isEnoughWith(delivery.tag)) {
        queue.add(WAKE);
      }
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  /*
   * Acknowledging a record of a log only makes room in the prefetch: nothing is removed. So it is
   * done once per quarter of the prefetch, for broker and client work as much for an
   * acknowledgement as for a record; and when nothing comes for a while, because RabbitMQ closes
   * channels that leave something unacknowledged for half an hour.
   */
  private boolean isEnoughWith(long handedOn) {
    synchronized (acknowledging) {
      lastTag = handedOn;
      return ++unacknowledged >= Math.max(1, link.settings().prefetch() / 4);
    }
  }

  private void acknowledge(Channel own) throws IOException {
    long upTo;
    synchronized (acknowledging) {
      if (unacknowledged == 0) {
        return;
      }
      upTo = lastTag;
      unacknowledged = 0;
    }
    own.basicAck(upTo, true);
  }

  private Channel subscribe() throws IOException {
    Channel own = link.newChannel();
    own.basicQos(link.settings().prefetch());
    boolean atEnd = fromOffset == SharedLog.NEXT;
    boolean stream = link.dialect() == Dialect.RABBITMQ;
    long least = stream && atEnd ? 0 : atEnd ? link.messageCount(own) : fromOffset;
    Object start = atEnd ? "next" : fromOffset <= 0 ? "first" : (Object) fromOffset;
    own.basicConsume(
        link.queue(),
        false,
        link.dialect().consumerArguments(start),
        new DefaultConsumer(own) {
          @Override
          public void handleDelivery(
              String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
            long offset = stream ? Link.offset(properties) : counted++;
            boolean isMeant = offset >= least && !Probe.isProbe(body);
            arrived(new Delivery(isMeant ? offset : -1, envelope.getDeliveryTag(), body));
          }

          @Override
          public void handleCancel(String tag) {
            link.lose(new IOException("the broker cancelled the consumer of " + link.queue()));
          }

          @Override
          public void handleShutdownSignal(String tag, ShutdownSignalException signal) {
            end();
          }
        });
    return own;
  }

  /** Ends with the connection. */
  void end() {
    ended = true;
    queue.add(WAKE);
  }

  /** Waits for the handler's return until the deadline, unless the handler itself asks. */
  void join(long deadlineNs) throws InterruptedException {
    Thread running = thread;
    long left = deadlineNs - System.nanoTime();
    if (running != null && running != Thread.currentThread() && left > 0) {
      TimeUnit.NANOSECONDS.timedJoin(running, left);
    }
  }

  @Override
  public void close() {
    end();
  }
}
