// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import com.rabbitmq.client.CancelCallback;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DeliverCallback;
import com.rabbitmq.client.Delivery;
import dev.warren.sync.Event;
import dev.warren.sync.wire.BatchCodec;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Reads a cluster's stream from beside it, as nobody of it does. */
final class StreamReader {
  private StreamReader() {}

  /** The stream of a cluster, with what makes it forget soon. */
  static void declare(String broker, String cluster, Map<String, Object> arguments)
      throws Exception {
    Map<String, Object> all = new TreeMap<>(arguments);
    all.put("x-queue-type", "stream");
    try (Connection connection = connect(broker)) {
      connection.createChannel().queueDeclare("warren." + cluster, true, false, false, all);
    }
  }

  /** Offset of the first record that the broker still has. */
  static long firstOffset(String broker, String cluster) throws Exception {
    try (Connection connection = connect(broker)) {
      return offset(take(consume(connection.createChannel(), cluster, "first")));
    }
  }

  /**
   * The cache events from an offset to another, both included: how many of each kind and cache, as
   * {@code "Put c"}.
   */
  static Map<String, Integer> cacheEvents(String broker, String cluster, long from, long to)
      throws Exception {
    Map<String, Integer> counts = new TreeMap<>();
    try (Connection connection = connect(broker)) {
      Channel channel = connection.createChannel();
      BlockingQueue<Delivery> records = consume(channel, cluster, from);
      while (true) {
        Delivery record = take(records);
        if (offset(record) > to) {
          return counts;
        }
        if (offset(record) >= from) {
          for (Event event : BatchCodec.decode(record.getBody()).events()) {
            if (event instanceof Event.CacheEvent cacheEvent) {
              String kind = event.getClass().getSimpleName() + " " + cacheEvent.cache();
              counts.merge(kind, 1, Integer::sum);
            }
          }
        }
        channel.basicAck(record.getEnvelope().getDeliveryTag(), false);
      }
    }
  }

  private static Connection connect(String broker) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker.replaceAll(",.*", ""));
    return factory.newConnection();
  }

  private static BlockingQueue<Delivery> consume(Channel channel, String cluster, Object from)
      throws Exception {
    BlockingQueue<Delivery> records = new LinkedBlockingQueue<>();
    channel.basicQos(500);
    channel.basicConsume(
        "warren." + cluster,
        false,
        Map.of("x-stream-offset", from),
        (DeliverCallback) (tag, record) -> records.add(record),
        (CancelCallback) tag -> {});
    return records;
  }

  private static Delivery take(BlockingQueue<Delivery> records) throws InterruptedException {
    Delivery record = records.poll(60, TimeUnit.SECONDS);
    if (record == null) {
      throw new AssertionError("the stream has no further record; members append one a second");
    }
    return record;
  }

  private static long offset(Delivery record) {
    Object offset = record.getProperties().getHeaders().get("x-stream-offset");
    return ((Number) Objects.requireNonNull(offset)).longValue();
  }
}
