// SPDX-License-Identifier: Apache-2.0
package dev.warren.transport.internal;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Address;
import com.rabbitmq.client.CancelCallback;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DeliverCallback;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.sync.LogRecord;
import dev.warren.sync.Origin;
import dev.warren.sync.TransportException;
import dev.warren.sync.TransportException.Reason;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One AMQP connection from its opening to its end: the log's queue, a publisher for the log, one
 * for peer messages, the member's own queue, and a channel for each subscription. Nothing here
 * survives the connection; whatever fails on it ends it as a whole, and {@link AmqpTransport} opens
 * another.
 *
 * <p>Channels: publishers own one each and guard it; each subscription and each {@link #head} has
 * its own.
 */
final class Link {
  private static final Logger LOG = LoggerFactory.getLogger(Link.class);

  private static final String PEERS = "amq.direct";
  private static final String ORIGIN = "warren-origin";

  private static final long HEAD_WAIT_MILLIS = 10_000;

  private final AmqpUri uri;
  private final String cluster;
  private final TransportSettings settings;
  private final TransportThreads threads;
  private final Connection connection;
  private final Dialect dialect;
  private final Set<LogConsumer> consumers = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<TransportException> lost = new CompletableFuture<>();
  private volatile boolean blocked;
  private final ConfirmedPublisher logPublisher;
  private final ConfirmedPublisher peerPublisher;

  /**
   * Opens a connection to one address, and what belongs to it.
   *
   * @param attempts remembers what one attempt leaves to the next, and can break this one off
   */
  static Link open(
      AmqpUri uri,
      Address address,
      String cluster,
      TransportSettings settings,
      TransportThreads threads,
      @Nullable Member member,
      Attempts attempts) {
    Connection connection = null;
    try {
      connection = connect(uri, address, cluster, settings, threads, attempts);
      return new Link(uri, cluster, settings, threads, connection, member, attempts);
    } catch (IOException | TimeoutException | NoSuchAlgorithmException | RuntimeException e) {
      if (connection != null) {
        connection.abort(500);
      }
      throw Failures.of(uri, e);
    }
  }

  private static Connection connect(
      AmqpUri uri,
      Address address,
      String cluster,
      TransportSettings settings,
      TransportThreads threads,
      Attempts attempts)
      throws IOException, TimeoutException, NoSuchAlgorithmException {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUsername(uri.user());
    factory.setPassword(uri.password());
    factory.setVirtualHost(uri.vhost());
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    int timeout = (int) settings.connectTimeout().toMillis();
    factory.setConnectionTimeout(timeout);
    factory.setHandshakeTimeout(timeout);
    factory.setChannelRpcTimeout(timeout);
    factory.setShutdownTimeout(500);
    factory.setRequestedHeartbeat((int) Math.max(1, settings.heartbeat().toSeconds()));
    factory.setThreadFactory(threads.named("amqp"));
    factory.setHeartbeatExecutor(threads.heartbeats());
    factory.setExceptionHandler(new LinkExceptions());
    if (uri.tls()) {
      factory.useSslProtocol(SSLContext.getDefault());
      factory.enableHostnameVerification();
    }
    factory.setSocketConfigurator(factory.getSocketConfigurator().andThen(attempts::opening));
    return factory.newConnection(threads.callbacks(), List.of(address), "warren-" + cluster);
  }

  private Link(
      AmqpUri uri,
      String cluster,
      TransportSettings settings,
      TransportThreads threads,
      Connection connection,
      @Nullable Member member,
      Attempts attempts)
      throws IOException, TimeoutException {
    this.uri = uri;
    this.cluster = cluster;
    this.settings = settings;
    this.threads = threads;
    this.connection = connection;
    this.dialect = Dialect.of(connection);
    declareLog(attempts);
    probeLog();
    logPublisher = new ConfirmedPublisher(newChannel(), threads.completions());
    peerPublisher = new ConfirmedPublisher(newChannel(), threads.completions());
    if (member != null) {
      listen(member);
    }
    connection.addBlockedListener(
        reason -> {
          blocked = true;
          LOG.warn(
              "WRN-0304 the broker at {} takes no messages for now ({}): free its memory or disk",
              uri,
              reason);
        },
        () -> {
          blocked = false;
          LOG.info("the broker at {} takes messages again", uri);
        });
    // Called at once if the connection has ended meanwhile.
    connection.addShutdownListener(this::lose);
  }

  /** Who this transport's member is, and who handles what arrives. */
  record Member(Origin self, dev.warren.sync.PeerChannel.PeerHandler handler) {}

  // ---- the log's queue

  private void declareLog(Attempts attempts) throws IOException, TimeoutException {
    Channel channel = connection.createChannel();
    try {
      channel.queueDeclare(queue(), true, false, false, dialect.queueArguments());
    } catch (IOException e) {
      if (!(e.getCause() instanceof ShutdownSignalException signal)
          || !(signal.getReason() instanceof AMQP.Channel.Close close)
          || close.getReplyCode() != AMQP.PRECONDITION_FAILED
          || close.getReplyText().contains("x-queue-type")) {
        throw e;
      }
      channel = connection.createChannel();
      channel.queueDeclarePassive(queue());
      if (attempts.isFirstWarning()) {
        LOG.warn(
            "WRN-0303 the log {} at {} exists with other arguments and is used as it is ({}): to"
                + " change its retention use a policy",
            queue(),
            uri,
            close.getReplyText());
      }
    }
    channel.close();
  }

  /**
   * A RabbitMQ that has just started opens connections about a second before its streams; and a
   * queue of another type than a stream would lose what was read. Consuming tells.
   */
  private void probeLog() throws IOException, TimeoutException {
    if (dialect != Dialect.RABBITMQ) {
      return;
    }
    Channel channel = connection.createChannel();
    channel.basicQos(1);
    String tag =
        channel.basicConsume(
            queue(),
            false,
            dialect.consumerArguments("next"),
            (DeliverCallback) (t, delivery) -> {},
            (CancelCallback) t -> {});
    channel.basicCancel(tag);
    channel.close();
  }

  String queue() {
    return "warren." + cluster;
  }

  Dialect dialect() {
    return dialect;
  }

  TransportSettings settings() {
    return settings;
  }

  long messageCount(Channel channel) throws IOException {
    return channel.queueDeclarePassive(queue()).getMessageCount();
  }

  /** A channel whose failure ends the connection. */
  Channel newChannel() throws IOException {
    Channel channel = connection.createChannel();
    if (channel == null) {
      throw new IOException("the broker allows no more channels in this connection");
    }
    channel.addShutdownListener(
        signal -> {
          if (!signal.isInitiatedByApplication()) {
            lose(signal);
          }
        });
    return channel;
  }

  static void closeQuietly(Channel channel) {
    try {
      channel.close();
    } catch (IOException | TimeoutException | RuntimeException e) {
      // gone with its connection
    }
  }

  static long offset(AMQP.BasicProperties properties) {
    Map<String, Object> headers = properties.getHeaders();
    Object offset = headers == null ? null : headers.get(Dialect.OFFSET);
    if (offset instanceof Number number) {
      return number.longValue();
    }
    throw new IllegalStateException("a delivery of the stream has no offset: is it a stream?");
  }

  // ---- the log

  CompletableFuture<@Nullable Void> append(byte[] bytes) {
    return logPublisher.publish(
        "",
        queue(),
        new AMQP.BasicProperties.Builder().deliveryMode(2),
        bytes,
        () ->
            new TransportException(
                Reason.RETURNED,
                "the broker at %s returned a record: the log %s is gone or not ready"
                    .formatted(uri, queue()),
                null));
  }

  void subscribe(LogConsumer consumer) {
    consumers.add(consumer);
    if (lost.isDone()) {
      consumer.end();
      consumers.remove(consumer);
      return;
    }
    consumer.start(threads.named("log"));
  }

  /** Waits for handlers that still run, until the deadline. */
  void joinConsumers(long deadlineNs) throws InterruptedException {
    for (LogConsumer consumer : consumers) {
      consumer.join(deadlineNs);
    }
  }

  void forget(LogConsumer consumer) {
    consumers.remove(consumer);
  }

  /** The first record, by a consumer that lives until it has come, or a {@link Probe} of ours. */
  CompletableFuture<Optional<LogRecord>> head() {
    CompletableFuture<Optional<LogRecord>> head = new CompletableFuture<>();
    threads
        .background()
        .execute(
            () -> {
              try {
                head.complete(readHead());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                head.completeExceptionally(Failures.lost(uri, e));
              } catch (IOException | RuntimeException e) {
                head.completeExceptionally(lost.isDone() ? lost.join() : Failures.lost(uri, e));
              }
            });
    return head;
  }

  private Optional<LogRecord> readHead() throws IOException, InterruptedException {
    Channel channel = newChannel();
    try {
      boolean countsNone = messageCount(channel) == 0;
      if (countsNone && dialect == Dialect.QPID) {
        return Optional.empty();
      }
      CompletableFuture<Optional<LogRecord>> first = new CompletableFuture<>();
      channel.addShutdownListener(first::completeExceptionally);
      byte[] probe = Probe.create();
      AtomicBoolean isProbed = new AtomicBoolean();
      Runnable store =
          () -> {
            if (isProbed.compareAndSet(false, true)) {
              append(probe).exceptionally(e -> fail(first, e));
            }
          };
      channel.basicQos(1);
      channel.basicConsume(
          queue(),
          false,
          dialect.consumerArguments("first"),
          (DeliverCallback)
              (tag, delivery) -> {
                byte[] body = delivery.getBody();
                if (!Probe.isProbe(body)) {
                  long offset = dialect == Dialect.QPID ? 0 : offset(delivery.getProperties());
                  first.complete(Optional.of(new LogRecord(offset, body)));
                } else if (Arrays.equals(body, probe)) {
                  first.complete(Optional.empty());
                } else {
                  store.run();
                  channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
                }
              },
          (CancelCallback) tag -> first.completeExceptionally(new IOException("cancelled")));
      if (countsNone) {
        store.run();
      }
      return first.get(HEAD_WAIT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("the first record of " + queue() + " did not come", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } finally {
      closeQuietly(channel);
    }
  }

  private static @Nullable Void fail(CompletableFuture<?> future, Throwable cause) {
    future.completeExceptionally(cause);
    return null;
  }

  // ---- peers

  private String key(Object to) {
    return queue() + "." + to;
  }

  private void listen(Member member) throws IOException {
    Channel channel = newChannel();
    String own = channel.queueDeclare("", false, true, true, null).getQueue();
    channel.queueBind(own, PEERS, key(member.self()));
    channel.queueBind(own, PEERS, key("members"));
    channel.basicConsume(
        own,
        true,
        (DeliverCallback)
            (tag, delivery) -> {
              Origin from = origin(delivery.getProperties());
              if (from == null) {
                LOG.debug("dropped a message without origin");
              } else if (!from.equals(member.self()) && !lost.isDone()) {
                member.handler().onMessage(from, delivery.getBody());
              }
            },
        (CancelCallback) tag -> lose(new IOException("the broker cancelled the peer queue")));
  }

  private static @Nullable Origin origin(AMQP.BasicProperties properties) {
    Map<String, Object> headers = properties.getHeaders();
    try {
      return headers == null
          ? null
          : new Origin(java.util.UUID.fromString(String.valueOf(headers.get(ORIGIN))));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Sends to one member, or to all if {@code to} is null. */
  CompletableFuture<@Nullable Void> send(Origin self, @Nullable Origin to, byte[] message) {
    return peerPublisher.publish(
        PEERS,
        key(to == null ? "members" : to),
        new AMQP.BasicProperties.Builder().deliveryMode(1).headers(Map.of(ORIGIN, self.toString())),
        message,
        () ->
            new TransportException(
                Reason.NO_SUCH_MEMBER,
                "no member %s is connected to %s".formatted(to == null ? "at all" : to, uri),
                null));
  }

  // ---- the end

  /** Ends this connection; the first cause counts. Returns at once. */
  void lose(Throwable cause) {
    lost.complete(Failures.lost(uri, cause));
  }

  /** True while the broker says that it takes no messages. */
  boolean isBlocked() {
    return blocked;
  }

  /** Done with the cause when this connection has ended. */
  CompletableFuture<TransportException> lost() {
    return lost;
  }

  /** Fails and ends whatever hangs on this connection, and closes it within about 500 ms. */
  void end(TransportException cause) {
    lost.complete(cause);
    logPublisher.end(cause);
    peerPublisher.end(cause);
    consumers.forEach(LogConsumer::end);
    connection.abort(500);
  }

  @Override
  public String toString() {
    return uri + " (" + dialect + ")";
  }
}
