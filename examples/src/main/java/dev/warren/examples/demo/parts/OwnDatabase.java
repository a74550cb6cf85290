// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import com.mongodb.ConnectionString;
import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.bson.Document;

/** A server's address with a database of the launcher's choice. */
record OwnDatabase(String uri, String name) {

  private static final Duration COPY_REST = Duration.ofSeconds(1);
  private static final Duration COPY_TIMEOUT = Duration.ofSeconds(60);
  private static final Document WRITE_POSITIONS = new Document("r.s", 1).append("r.t", 1);
  private static final String LIMITS = "serverSelectionTimeoutMS=5000&connectTimeoutMS=5000";

  static OwnDatabase of(String given, String name) {
    ConnectionString parsed;
    try {
      parsed = new ConnectionString(given);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--persistence must look like mongodb://user:password@host:27017, but was " + hide(given),
          e);
    }
    int authority = given.indexOf("://") + 3;
    int options = given.indexOf('?') < 0 ? given.length() : given.indexOf('?');
    int path = given.lastIndexOf('/', options - 1);
    String server = given.substring(0, path < authority ? options : path);
    String query = given.substring(options);
    String oldDatabase = parsed.getDatabase();
    if (parsed.getUsername() != null && oldDatabase != null && !query.contains("authSource=")) {
      query = (query.isEmpty() ? "?" : query + "&") + "authSource=" + oldDatabase;
    }
    return new OwnDatabase(server + "/" + name + query, name);
  }

  String shown() {
    return hide(uri);
  }

  private static String hide(String uri) {
    return uri.replaceFirst("(://[^:@/]*):[^@]*@", "$1:***@");
  }

  void probe() throws IOException {
    try (MongoClient client = client()) {
      client.getDatabase(name).runCommand(new Document("ping", 1));
    } catch (MongoException e) {
      throw new IOException("cannot reach MongoDB at " + shown() + ": " + e.getMessage(), e);
    }
  }

  void drop() {
    try (MongoClient client = client()) {
      client.getDatabase(name).drop();
    }
  }

  /** See {@link Database#awaitCopy}: two scans in a row, a pause apart, find the same. */
  void awaitCopy(long entries) throws IOException, InterruptedException {
    long deadlineNs = System.nanoTime() + COPY_TIMEOUT.toNanos();
    try (MongoClient client = client()) {
      Copy before = new Copy(0, 0);
      while (true) {
        TimeUnit.MILLISECONDS.sleep(COPY_REST.toMillis());
        Copy now = Copy.of(client.getDatabase(name));
        if (now.live() >= entries && now.equals(before)) {
          return;
        }
        if (System.nanoTime() - deadlineNs > 0) {
          throw new IOException(
              "MongoDB holds %d of %d entries after %d s"
                  .formatted(now.live(), entries, COPY_TIMEOUT.toSeconds()));
        }
        before = now;
      }
    }
  }

  /** What a scan finds: entries that are not tombstones, and a sum that any write changes. */
  private record Copy(long live, long sum) {

    static Copy of(MongoDatabase database) {
      long live = 0;
      long sum = 0;
      for (String collection : database.listCollectionNames()) {
        for (Document found :
            database.getCollection(collection).find().projection(WRITE_POSITIONS)) {
          Document entry = found.get("r", Document.class);
          if (entry != null && entry.get("s") instanceof Number position) {
            live += Integer.valueOf(0).equals(entry.getInteger("t")) ? 1 : 0;
            sum += (position.longValue() + 1) * (Objects.hashCode(found.get("_id")) | 1);
          }
        }
      }
      return new Copy(live, sum);
    }
  }

  private MongoClient client() {
    return MongoClients.create(uri + (uri.contains("?") ? "&" : "?") + LIMITS);
  }
}
