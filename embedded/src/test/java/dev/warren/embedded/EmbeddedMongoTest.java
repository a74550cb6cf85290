// SPDX-License-Identifier: Apache-2.0
package dev.warren.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import dev.warren.embedded.EmbeddedMongoProbe.Listener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class EmbeddedMongoTest {
  @TempDir private Path dir;

  @Test
  void inMemory_anyFreePort_takesAndForgets() {
    EmbeddedMongo first = EmbeddedMongo.inMemory(0);
    insert(first);
    assertThat(count(first)).isEqualTo(1);
    first.close();

    try (EmbeddedMongo second = EmbeddedMongo.inMemory(first.port())) {
      assertThat(second.uri()).isEqualTo("mongodb://127.0.0.1:" + first.port());
      assertThat(second.dir()).isNull();
      assertThat(count(second)).isZero();
    }
  }

  @Test
  void inFolder_closedAndStarted_remembers() {
    Path absent = dir.resolve("a/b");
    try (EmbeddedMongo first = EmbeddedMongo.inFolder(0, absent)) {
      insert(first);
    }

    try (EmbeddedMongo second = EmbeddedMongo.inFolder(0, absent)) {
      assertThat(second.dir()).isEqualTo(absent.toAbsolutePath());
      assertThat(count(second)).isEqualTo(1);
    }
  }

  @Test
  void close_twice_isHarmless() {
    EmbeddedMongo server = EmbeddedMongo.inMemory(0);

    server.close();
    server.close();

    assertThat(EmbeddedMongoProbe.ask(server.port())).isEqualTo(new Listener.Nobody());
  }

  @Test
  void start_portInUse_saysSoAndLeavesNothingBehind() throws Exception {
    try (ServerSocket stranger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = stranger.getLocalPort();
      Set<String> before = serverThreads();

      assertThatThrownBy(() -> EmbeddedMongo.inFolder(port, dir))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("needs a free port")
          .hasMessageContaining("127.0.0.1:" + port + " is in use")
          .hasMessageContaining("choose another port");

      await("the last of its threads has ended")
          .untilAsserted(() -> assertThat(before).containsAll(serverThreads()));
    }
    EmbeddedMongo.inFolder(0, dir).close(); // the file was let go
  }

  @Test
  void start_fileInUse_saysSo() {
    EmbeddedMongo first = EmbeddedMongo.inFolder(0, dir);
    try (first) {
      assertThatThrownBy(() -> EmbeddedMongo.inFolder(0, dir))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("one process at a time")
          .hasMessageContaining(dir.toString())
          .hasMessageContaining("choose another folder");
    }
  }

  @Test
  void start_fileIsSomethingElse_saysSo() throws Exception {
    Files.writeString(
        dir.resolve("warren-embedded-mongo-bson.mv.db"), "not a database".repeat(999));

    assertThatThrownBy(() -> EmbeddedMongo.inFolder(0, dir))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("warren-embedded-mongo-bson.mv.db")
        .hasMessageContaining("move it away");
  }

  @Test
  void start_folderIsAFile_saysSo() throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "x");

    assertThatThrownBy(() -> EmbeddedMongo.inFolder(0, file))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("cannot be created");
  }

  @Test
  void start_portOutOfRange_isRefused() {
    assertThatThrownBy(() -> EmbeddedMongo.inMemory(65_536))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("65536");
  }

  @Test
  void start_always_addsOnlyDaemonThreads() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    try (EmbeddedMongo server = EmbeddedMongo.inFolder(0, dir)) {
      insert(server);

      Set<Thread> added =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> !before.contains(thread))
              .collect(Collectors.toSet());
      assertThat(added).isNotEmpty().allMatch(Thread::isDaemon);
    }
  }

  @Test
  void ask_embedded_tellsItsFolder() {
    try (EmbeddedMongo memory = EmbeddedMongo.inMemory(0);
        EmbeddedMongo file = EmbeddedMongo.inFolder(0, dir)) {
      assertThat(EmbeddedMongoProbe.ask(memory.port())).isEqualTo(new Listener.Embedded(""));
      assertThat(EmbeddedMongoProbe.ask(file.port()))
          .isEqualTo(new Listener.Embedded(dir.toAbsolutePath().toString()));
    }
  }

  @Test
  void ask_strangers_tellsThemApart() throws Exception {
    for (String answer :
        new String[] {
          "", "HTTP/1.1 400 Bad Request\r\n\r\nthis is not what you want", "AMQP\0\1\2\3"
        }) {
      try (ServerSocket stranger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        Thread thread = new Thread(() -> answerOnce(stranger, answer));
        thread.start();
        assertThat(EmbeddedMongoProbe.ask(stranger.getLocalPort()))
            .isEqualTo(new Listener.Stranger());
        thread.join();
      }
    }
  }

  private static void answerOnce(ServerSocket stranger, String answer) {
    try (Socket socket = stranger.accept()) {
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> serverThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("mongo-server"))
        .collect(Collectors.toSet());
  }

  private static void insert(EmbeddedMongo server) {
    try (MongoClient client = MongoClients.create(server.uri())) {
      collection(client).insertOne(new Document("_id", 1));
    }
  }

  private static long count(EmbeddedMongo server) {
    try (MongoClient client = MongoClients.create(server.uri())) {
      return collection(client).countDocuments();
    }
  }

  private static MongoCollection<Document> collection(MongoClient client) {
    return client.getDatabase("d").getCollection("c");
  }
}
