// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.node;

import dev.warren.examples.demo.wire.Line;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Everything that a node can be asked, by verb. Used by one thread. */
public final class NodeCommands {

  private final Map<String, Command> commands = new HashMap<>();

  /** The commands over {@code caches}. */
  public NodeCommands(NodeCaches caches) {
    DataCommands data = new DataCommands(caches);
    commands.put("fill", data::fill);
    commands.put("await", data::await);
    commands.put("check", data::check);
    commands.put("read", data::read);
    commands.put("plant", data::plantWrongAnswer);
    ChangeCommands changes = new ChangeCommands(caches.zones());
    commands.put("clock", changes::clock);
    commands.put("correct", changes::correct);
    commands.put("watch", changes::watch);
    WriterCommands writer = new WriterCommands(caches.names());
    commands.put("write", writer::start);
    commands.put("write-stop", writer::stop);
    commands.put("check-written", writer::check);
    StateCommands state = new StateCommands(caches);
    commands.put("ready", state::awaitReady);
    commands.put("barrier", state::barrier);
    commands.put("persisted", state::awaitPersisted);
    commands.put("recovery", state::recovery);
    commands.put("stats", state::stats);
    commands.put("get", state::get);
    commands.put("put", state::put);
  }

  /** Answers one request: progress goes to {@code progress}, the last line is returned. */
  public Line answer(Line request, Consumer<Line> progress) throws InterruptedException {
    Command command = commands.get(request.verb());
    if (command == null) {
      return error("this node does not know '" + request.verb() + "'");
    }
    try {
      return command.run(
          request, done -> progress.accept(Line.of(Line.PROGRESS).with("done", done)));
    } catch (RuntimeException e) {
      return error(request.verb() + ": " + chain(e));
    }
  }

  private static Line error(String message) {
    return Line.of(Line.ERROR).with("message", message);
  }

  private static String chain(Throwable thrown) {
    String text = thrown.getClass().getSimpleName() + ": " + thrown.getMessage();
    Throwable cause = thrown.getCause();
    return cause == null || cause == thrown ? text : text + " <- " + chain(cause);
  }
}
