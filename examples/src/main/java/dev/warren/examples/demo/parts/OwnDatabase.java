// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import com.mongodb.ConnectionString;
import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import dev.warren.sync.UriRedaction;
import java.io.IOException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.bson.Document;

/** A server's address with a database of the launcher's choice. */
record OwnDatabase(String uri, String name) {

  private static final Pattern INNERMOST = Pattern.compile("(?<=\\{)[\\w.]+Exception[^{}]*");
  private static final String LIMITS = "serverSelectionTimeoutMS=5000&connectTimeoutMS=5000";

  static OwnDatabase of(String given, String name) {
    ConnectionString parsed;
    try {
      parsed = new ConnectionString(given);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--persistence must look like mongodb://user:password@host:27017, but was "
              + UriRedaction.redact(given),
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
    return UriRedaction.redact(uri);
  }

  void probe() throws IOException {
    try (MongoClient client = client()) {
      client.getDatabase(name).runCommand(new Document("ping", 1));
    } catch (MongoException e) {
      throw new IOException("cannot reach MongoDB at " + shown() + ": " + reason(e), e);
    }
  }

  /* The driver's message holds its whole view of the cluster: the innermost exception says it. */
  private static String reason(MongoException thrown) {
    String message = String.valueOf(thrown.getMessage());
    return INNERMOST
        .matcher(message)
        .results()
        .map(MatchResult::group)
        .reduce((outer, inner) -> inner)
        .map(found -> found.replaceFirst("^([a-z]+\\.)+", ""))
        .orElse(message);
  }

  void drop() {
    try (MongoClient client = client()) {
      client.getDatabase(name).drop();
    }
  }

  private MongoClient client() {
    return MongoClients.create(uri + (uri.contains("?") ? "&" : "?") + LIMITS);
  }
}
