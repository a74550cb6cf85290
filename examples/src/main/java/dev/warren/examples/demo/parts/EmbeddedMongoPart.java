// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import java.io.IOException;
import java.util.List;

/** The embedded MongoDB stand-in in a JVM of its own. */
public final class EmbeddedMongoPart implements Database {

  private final EmbeddedProcess process;
  private final OwnDatabase database;

  /** A database of this run; nothing is started yet. */
  public EmbeddedMongoPart(Run run) throws IOException {
    int port = run.port();
    process =
        new EmbeddedProcess(
            run,
            "embedded-mongodb",
            EmbeddedMongoMain.class,
            List.of(Integer.toString(port), run.folder().resolve("mongodb").toString()));
    database = OwnDatabase.of("mongodb://127.0.0.1:" + port, "warren");
  }

  @Override
  public String description() {
    return "embedded MongoDB (mongo-java-server in a JVM of its own, an H2 file: for trials)";
  }

  @Override
  public void start() throws IOException {
    process.start();
    database.probe();
  }

  @Override
  public String uri() {
    return database.uri();
  }

  @Override
  public void empty() {
    database.drop();
  }

  @Override
  public void close() {
    // The run kills it.
  }
}
