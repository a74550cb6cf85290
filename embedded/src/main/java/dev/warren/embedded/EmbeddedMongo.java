// SPDX-License-Identifier: Apache-2.0
package dev.warren.embedded;

import de.bwaldvogel.mongo.MongoServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A MongoDB stand-in in this JVM, on a loopback port, in memory or in an H2 file. For trials and
 * tests only: no authentication, no replication, no expiry of documents, good for about 100,000
 * entries. In a file every acknowledged write is on disk before it is acknowledged.
 */
public final class EmbeddedMongo implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedMongo.class);

  private final MongoServer server;
  private final int port;
  private final @Nullable Path dir;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedMongo(MongoServer server, @Nullable Path dir) {
    this.server = server;
    this.port = server.getLocalAddress().getPort();
    this.dir = dir;
  }

  /**
   * Starts one that forgets everything when it is closed.
   *
   * @param port 0 for any free one
   * @throws UncheckedIOException if the port is in use
   */
  public static EmbeddedMongo inMemory(int port) {
    return start(port, null);
  }

  /**
   * Starts one that keeps its data in a file in {@code dir}, which is created.
   *
   * @param port 0 for any free one
   * @throws UncheckedIOException if the port is in use, or the file cannot be used or is in use
   */
  public static EmbeddedMongo inFolder(int port, Path dir) {
    return start(port, dir.toAbsolutePath().normalize());
  }

  private static EmbeddedMongo start(int port, @Nullable Path dir) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be from 0 to 65535, but was " + port);
    }
    EmbeddedMongo started = new EmbeddedMongo(onDaemonThread(() -> bind(port, dir)), dir);
    LOG.warn(
        "WRN-0601 embedded MongoDB started on 127.0.0.1:{} ({}): for trials and tests only",
        started.port,
        dir == null ? "in memory" : "in " + dir);
    return started;
  }

  private static MongoServer bind(int port, @Nullable Path dir) throws IOException {
    EmbeddedMongoBackend backend = EmbeddedMongoBackend.open(dir);
    MongoServer server = new MongoServer(backend);
    try {
      server.bind(loopback(port));
      return server;
    } catch (Throwable failure) {
      server.shutdownNow();
      if (causedByBind(failure)) {
        throw new IOException(
            "the embedded MongoDB needs a free port, but 127.0.0.1:"
                + port
                + " is in use: stop what uses it or choose another port",
            failure);
      }
      throw failure;
    }
  }

  private static boolean causedByBind(@Nullable Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof BindException) {
        return true;
      }
    }
    return false;
  }

  private interface Start {
    MongoServer run() throws IOException;
  }

  /**
   * The server's threads inherit whether they are daemons from the thread that starts them; a
   * daemon starts them, so that they keep no JVM alive.
   */
  private static MongoServer onDaemonThread(Start start) {
    FutureTask<MongoServer> task = new FutureTask<>(start::run);
    Thread thread = new Thread(task, "warren-embedded-mongo-start");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get();
    } catch (InterruptedException e) {
      // the server may be there a moment later: nobody would stop it
      Thread stopper = new Thread(() -> stopLate(task), "warren-embedded-mongo-stop");
      stopper.setDaemon(true);
      stopper.start();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while starting the embedded MongoDB", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException io) {
        String message = io.getMessage();
        throw new UncheckedIOException(message == null ? io.toString() : message, io);
      }
      throw new IllegalStateException("the embedded MongoDB did not start: " + cause, cause);
    }
  }

  private static void stopLate(FutureTask<MongoServer> task) {
    try {
      task.get().shutdownNow();
    } catch (InterruptedException | ExecutionException e) {
      LOG.debug("nothing to stop", e);
    }
  }

  /** Where it listens, e.g. {@code mongodb://127.0.0.1:27690}. */
  public String uri() {
    return "mongodb://127.0.0.1:" + port;
  }

  /** The port on which it listens. */
  public int port() {
    return port;
  }

  /** Where it keeps its data; null if in memory. */
  public @Nullable Path dir() {
    return dir;
  }

  /** Ends it; idempotent. Connections are cut. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      server.shutdownNow();
      LOG.info("embedded MongoDB on 127.0.0.1:{} stopped", port);
    }
  }

  /** 127.0.0.1 whatever the JVM prefers, as {@link #uri} says it. */
  static InetSocketAddress loopback(int port) throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
  }

  static void createFolder(Path dir) throws IOException {
    try {
      Files.createDirectories(dir);
    } catch (IOException e) {
      throw new IOException(
          "the embedded MongoDB keeps its data in a folder, but "
              + dir
              + " cannot be created: "
              + e,
          e);
    }
  }
}
