// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence.internal;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bson.UuidRepresentation;
import org.jspecify.annotations.Nullable;

/**
 * A client per address and timeout in this JVM, counted: it is made when its first user first needs
 * it and ends with its last user. A client owns connections and threads, all daemons.
 */
public final class SharedClient implements AutoCloseable {

  /** A connection that says nothing for so long is given up, unless the address says otherwise. */
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(30);

  private record Address(MongoUri uri, Duration serverSelectionTimeout) {}

  private static final class Counted {
    private final MongoClient client;
    private final MongoDatabase database;
    private int users;

    Counted(MongoClient client, MongoDatabase database) {
      this.client = client;
      this.database = database;
    }
  }

  /** Guards itself and all fields below. */
  private static final Map<Address, Counted> CLIENTS = new HashMap<>();

  private final Address address;
  private @Nullable Counted counted;
  private boolean closed;

  /** Makes nothing yet. */
  public SharedClient(MongoUri uri, Duration serverSelectionTimeout) {
    this.address = new Address(uri, serverSelectionTimeout);
  }

  /** The client, made on the first call. */
  MongoClient client() {
    return counted().client;
  }

  /** The database that the address names. */
  MongoDatabase database() {
    return counted().database;
  }

  private Counted counted() {
    synchronized (CLIENTS) {
      if (closed) {
        throw new ClosedException();
      }
      Counted mine = counted;
      if (mine == null) {
        mine = CLIENTS.get(address);
        if (mine == null) {
          mine = connect(address);
          CLIENTS.put(address, mine);
        }
        mine.users++;
        counted = mine;
      }
      return mine;
    }
  }

  /*
   * A write counts when a majority has it in its journal: a checkpoint must never outlive the
   * documents that it covers. Reads go to the primary, whose answer may be older than the log but
   * is never a mixture that the checkpoint does not cover.
   */
  private static Counted connect(Address address) {
    ConnectionString connection = address.uri().connectionString();
    MongoClientSettings.Builder settings =
        MongoClientSettings.builder()
            .applyConnectionString(connection)
            .uuidRepresentation(UuidRepresentation.STANDARD);
    if (connection.getApplicationName() == null) {
      settings.applicationName("warren");
    }
    if (connection.getWriteConcern() == null) {
      settings.writeConcern(WriteConcern.MAJORITY.withJournal(true));
    }
    if (connection.getServerSelectionTimeout() == null) {
      settings.applyToClusterSettings(
          cluster ->
              cluster.serverSelectionTimeout(
                  address.serverSelectionTimeout().toMillis(), TimeUnit.MILLISECONDS));
    }
    if (connection.getSocketTimeout() == null) {
      settings.applyToSocketSettings(
          socket -> socket.readTimeout(SOCKET_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
    }
    if (connection.getConnectTimeout() == null) {
      settings.applyToSocketSettings(
          socket ->
              socket.connectTimeout(
                  address.serverSelectionTimeout().toMillis(), TimeUnit.MILLISECONDS));
    }
    MongoClient client = MongoClients.create(settings.build());
    return new Counted(client, client.getDatabase(MongoUri.database(connection)));
  }

  /** How long a call waits for a server, as text. */
  String patience() {
    return Durations.text(address.serverSelectionTimeout());
  }

  /** The address, passwords hidden. */
  public String describe() {
    return address.uri().display();
  }

  /** Idempotent. */
  @Override
  public void close() {
    synchronized (CLIENTS) {
      closed = true;
      Counted mine = counted;
      counted = null;
      if (mine != null && --mine.users == 0) {
        CLIENTS.remove(address);
        mine.client.close();
      }
    }
  }

  /** Used after it was closed. */
  static final class ClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    ClosedException() {
      super("it is closed");
    }
  }
}
