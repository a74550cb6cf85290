// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.parts;

import com.mongodb.MongoException;
import java.io.IOException;

/** A MongoDB that runs anyway; this run works in a database of its own, which it drops. */
public final class GivenMongo implements Database {

  private final OwnDatabase database;
  private volatile boolean reached;

  /**
   * A MongoDB at {@code uri}.
   *
   * @throws IllegalArgumentException if {@code uri} is malformed
   */
  public GivenMongo(String uri, String cluster) {
    database = OwnDatabase.of(uri, "warren_" + cluster.replace('-', '_'));
  }

  @Override
  public String description() {
    return "yours, " + database.shown() + ", database " + database.name();
  }

  @Override
  public void start() throws IOException {
    database.probe();
    reached = true;
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
    if (!reached) {
      return;
    }
    try {
      database.drop();
    } catch (MongoException e) {
      System.err.println("The database " + database.name() + " could not be dropped");
    }
  }
}
