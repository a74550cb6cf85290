// SPDX-License-Identifier: Apache-2.0
package dev.warren.embedded;

import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.ServerVersion;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import de.bwaldvogel.mongo.wire.message.MongoQuery;
import io.netty.channel.Channel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/**
 * What mongo-java-server serves, with three differences.
 *
 * <ul>
 *   <li>In a file, a command that writes is answered only when the file has been committed and
 *       forced to disk; H2 alone commits once a second, and a kill would lose what was acknowledged
 *       since.
 *   <li>Secondary indexes that are not unique are accepted and left out without a word: the server
 *       has none and would warn for each collection.
 *   <li>The command {@value #WHO} says that this is an embedded MongoDB, and where its data are.
 * </ul>
 */
final class EmbeddedMongoBackend implements MongoBackend {

  /** The command by which another process recognises an embedded MongoDB. */
  static final String WHO = "warrenEmbedded";

  /** The field of its answer that holds the folder, empty if in memory. */
  static final String DIR = "dir";

  private static final String FILE = "warren-embedded-mongo-bson.mv.db";

  /** Commands that change nothing; every other one is taken to write. */
  private static final Set<String> READS =
      Set.of(
          "find",
          "getmore",
          "killcursors",
          "count",
          "distinct",
          "ping",
          "hello",
          "ismaster",
          "buildinfo",
          "listcollections",
          "listindexes",
          "listdatabases",
          "serverstatus",
          "endsessions",
          "getlasterror",
          WHO.toLowerCase(Locale.ROOT));

  private final MongoBackend backend;
  private final @Nullable MVStore file;
  private final String dir;

  private EmbeddedMongoBackend(MongoBackend backend, @Nullable MVStore file, String dir) {
    this.backend = backend;
    this.file = file;
    this.dir = dir;
    backend.version(ServerVersion.MONGO_5_0);
  }

  /** In memory if {@code dir} is null. */
  static EmbeddedMongoBackend open(@Nullable Path dir) throws IOException {
    if (dir == null) {
      return new EmbeddedMongoBackend(new MemoryBackend(), null, "");
    }
    EmbeddedMongo.createFolder(dir);
    Path path = dir.resolve(FILE);
    try {
      MVStore store = new MVStore.Builder().fileName(path.toString()).open();
      return new EmbeddedMongoBackend(new EmbeddedMongoFile(store), store, dir.toString());
    } catch (MVStoreException e) {
      if (e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
        throw new FileInUseException(
            "one process at a time can use the file of an embedded MongoDB, but "
                + path
                + " is in use: stop the other one or choose another folder",
            e);
      }
      throw new IOException(
          "the embedded MongoDB cannot use " + path + ": " + e.getMessage() + "; move it away", e);
    }
  }

  /** Another process has the file open. */
  static final class FileInUseException extends IOException {
    private static final long serialVersionUID = 1L;

    FileInUseException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  @Override
  public Document handleMessage(MongoMessage message) {
    Document query = message.getDocument();
    String command = query.keySet().iterator().next();
    return handleCommand(message.getChannel(), message.getDatabaseName(), command, query);
  }

  @Override
  public Document handleCommand(Channel channel, String database, String command, Document query) {
    if (command.equals(WHO)) {
      return new Document(WHO, 1).append(DIR, dir).append("ok", 1.0);
    }
    if (command.equalsIgnoreCase("createIndexes") && noneUnique(query)) {
      return new Document("ok", 1.0);
    }
    Document answer = backend.handleCommand(channel, database, command, query);
    if (file != null && !READS.contains(command.toLowerCase(Locale.ROOT))) {
      force(file);
    }
    return answer;
  }

  private static boolean noneUnique(Document query) {
    return query.get("indexes") instanceof Collection<?> indexes
        && indexes.stream().allMatch(i -> i instanceof Document d && !d.containsKey("unique"));
  }

  /*
   * sync() commits what this command changed and forces the file. A commit of another command may
   * have taken our changes along without having forced them yet, hence always both. Documents are
   * changed in place, but a field at a time and before they are marked as changed, so a commit
   * that runs meanwhile writes either state, and ours follows.
   */
  private static void force(MVStore file) {
    file.commit();
    file.sync();
  }

  @Override
  public void handleClose(Channel channel) {
    backend.handleClose(channel);
  }

  @Override
  public QueryResult handleQuery(MongoQuery query) {
    return backend.handleQuery(query);
  }

  @Override
  public void dropDatabase(String database) {
    backend.dropDatabase(database);
  }

  @Override
  public Collection<Document> getCurrentOperations(MongoQuery query) {
    return backend.getCurrentOperations(query);
  }

  @Override
  public Document getServerStatus() {
    return backend.getServerStatus();
  }

  @Override
  public void close() {
    backend.close();
  }

  @Override
  public void closeCursors(List<Long> cursorIds) {
    backend.closeCursors(cursorIds);
  }

  @Override
  public Clock getClock() {
    return backend.getClock();
  }

  @Override
  public void enableOplog() {
    backend.enableOplog();
  }

  @Override
  public void disableOplog() {
    backend.disableOplog();
  }

  @Override
  public MongoDatabase resolveDatabase(String database) {
    return backend.resolveDatabase(database);
  }

  @Override
  public MongoBackend version(MongoVersion version) {
    backend.version(version);
    return this;
  }
}
