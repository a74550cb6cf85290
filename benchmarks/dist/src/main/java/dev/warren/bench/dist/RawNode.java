// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What the broker and its client can do by themselves: a process that publishes messages to a
 * stream, with confirms, and consumes the same stream, as each node of Warren does, with the same
 * prefetch and acknowledgements. The messages have the sizes of those that Warren wrote before.
 *
 * <pre>
 * sizes QUEUE FROM TO   takes the sizes of Warren's records       MESSAGES BYTES
 * broker                what it is                              NAME-VERSION
 * mark                  counts from here on                       done
 * publish               sends as many, of these sizes             FIRST-NANOS
 * await MESSAGES        waits until they have come                SEEN-NANOS BYTES
 * ping COUNT MICROS     sends one at each interval                done
 * pong COUNT            the other process's side of it            P50 P99 MOST, in nanoseconds
 * </pre>
 */
final class RawNode implements Node {

  /** As Warren's. */
  private static final int PREFETCH = 200;

  private static final Map<String, Object> STREAM = Map.of("x-queue-type", "stream");
  private static final int LEAST_BYTES = 12;
  private static final long PATIENCE_SECONDS = 60;

  private final Connection connection;
  private final Channel publisher;
  private final String stream;
  private final int window;
  private final Semaphore unconfirmed;
  private final Map<Integer, Long> pings = new ConcurrentHashMap<>();
  private int[] sizes = new int[0];

  // Of what came since the last mark; guarded by this.
  private long messages;
  private long bytes;
  private long wanted = Long.MAX_VALUE;
  private CompletableFuture<Long> complete = new CompletableFuture<>();

  private RawNode(Connection connection, String stream, int window) throws IOException {
    this.connection = connection;
    this.stream = stream;
    this.window = window;
    this.unconfirmed = new Semaphore(window);
    publisher = connection.createChannel();
    publisher.queueDeclare(stream, true, false, false, STREAM);
    publisher.confirmSelect();
    publisher.addConfirmListener(new Confirms());
    consume();
  }

  /** {@code window}: messages that may be sent and not confirmed. */
  static RawNode open(Properties settings) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(settings.getProperty("uri"));
    factory.setAutomaticRecoveryEnabled(false);
    return new RawNode(
        factory.newConnection(),
        settings.getProperty("stream"),
        Integer.parseInt(settings.getProperty("window")));
  }

  /** Gives back the room of what was confirmed; on the connection's own thread. */
  private final class Confirms implements com.rabbitmq.client.ConfirmListener {
    private long confirmed;

    @Override
    public void handleAck(long sequence, boolean multiple) {
      if (multiple) {
        unconfirmed.release((int) (sequence - confirmed));
        confirmed = sequence;
      } else {
        unconfirmed.release();
        confirmed = Math.max(confirmed, sequence);
      }
    }

    @Override
    public void handleNack(long sequence, boolean multiple) {
      throw new IllegalStateException("the broker refused message " + sequence);
    }
  }

  private void consume() throws IOException {
    Channel channel = connection.createChannel();
    channel.basicQos(PREFETCH);
    channel.basicConsume(
        stream,
        false,
        Map.of("x-stream-offset", "next"),
        new DefaultConsumer(channel) {
          private int unacknowledged;

          @Override
          public void handleDelivery(
              String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
              throws IOException {
            arrived(body);
            if (++unacknowledged == PREFETCH / 4) {
              channel.basicAck(envelope.getDeliveryTag(), true);
              unacknowledged = 0;
            }
          }
        });
  }

  private void arrived(byte[] body) {
    ByteBuffer in = ByteBuffer.wrap(body);
    int number = in.getInt();
    if (number >= 0) {
      pings.put(number, in.getLong());
    }
    synchronized (this) {
      messages++;
      bytes += body.length;
      if (messages == wanted) {
        complete.complete(System.nanoTime());
      }
    }
  }

  @Override
  public String answer(Request request) throws Exception {
    return switch (request.command()) {
      case "sizes" -> sizes(request.text(0), request.big(1), request.big(2));
      case "broker" -> {
        Map<String, Object> broker = connection.getServerProperties();
        yield broker.get("product") + "-" + broker.get("version");
      }
      case "mark" -> mark();
      case "publish" -> publish();
      case "await" -> await(request.big(0));
      case "ping" -> ping(request.number(0), request.big(1) * 1_000);
      case "pong" -> pong(request.number(0));
      default -> throw request.unknown();
    };
  }

  /** Of the records behind {@code from} up to {@code to}. */
  private String sizes(String queue, long from, long to) throws Exception {
    List<Integer> found = new ArrayList<>();
    CompletableFuture<List<Integer>> all = new CompletableFuture<>();
    Channel channel = connection.createChannel();
    channel.basicQos(PREFETCH);
    channel.basicConsume(
        queue,
        false,
        Map.of("x-stream-offset", from + 1),
        new DefaultConsumer(channel) {
          @Override
          public void handleDelivery(
              String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
              throws IOException {
            if (all.isDone()) {
              return; // the channel is about to be closed
            }
            channel.basicAck(envelope.getDeliveryTag(), false);
            long offset =
                Long.parseLong(String.valueOf(properties.getHeaders().get("x-stream-offset")));
            if (offset > from && offset <= to) {
              found.add(Math.max(LEAST_BYTES, body.length));
            }
            if (offset >= to) {
              all.complete(List.copyOf(found));
            }
          }
        });
    sizes =
        all.get(PATIENCE_SECONDS, TimeUnit.SECONDS).stream().mapToInt(Integer::intValue).toArray();
    channel.abort();
    return sizes.length + " " + Arrays.stream(sizes).asLongStream().sum();
  }

  private synchronized String mark() {
    messages = 0;
    bytes = 0;
    wanted = Long.MAX_VALUE;
    complete = new CompletableFuture<>();
    pings.clear();
    return "done";
  }

  private String publish() throws Exception {
    long first = System.nanoTime();
    for (int size : sizes) {
      send(-1, first, size);
    }
    unconfirmed.acquire(window);
    unconfirmed.release(window);
    return String.valueOf(first);
  }

  private void send(int number, long at, int size) {
    byte[] body = new byte[size];
    ByteBuffer.wrap(body).putInt(number).putLong(at);
    unconfirmed.acquireUninterruptibly();
    try {
      publisher.basicPublish(
          "", stream, true, new AMQP.BasicProperties.Builder().deliveryMode(2).build(), body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String await(long count) throws Exception {
    CompletableFuture<Long> waited;
    synchronized (this) {
      wanted = count;
      if (messages >= count) {
        complete.complete(System.nanoTime());
      }
      waited = complete;
    }
    long seen = waited.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    synchronized (this) {
      return seen + " " + bytes;
    }
  }

  private String ping(int count, long intervalNanos) {
    int[] sorted = sizes.clone();
    Arrays.sort(sorted);
    int size = sorted[sorted.length / 2];
    Pace pace = new Pace(intervalNanos);
    for (int i = 0; i < count; i++) {
      pace.await();
      send(i, System.nanoTime(), size);
    }
    return "done";
  }

  private String pong(int count) {
    return Samples.watch(count, i -> pings.getOrDefault(i, Samples.ABSENT)).toString();
  }

  @Override
  public void close() throws Exception {
    connection.close();
  }
}
