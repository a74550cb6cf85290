// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo;

import dev.warren.examples.demo.parts.Broker;
import dev.warren.examples.demo.parts.Database;
import dev.warren.examples.demo.parts.DockerRabbitMq;
import dev.warren.examples.demo.parts.EmbeddedBrokerPart;
import dev.warren.examples.demo.parts.EmbeddedMongoPart;
import dev.warren.examples.demo.parts.GivenBroker;
import dev.warren.examples.demo.parts.GivenMongo;
import dev.warren.examples.demo.parts.InstalledRabbitMq;
import dev.warren.examples.demo.parts.Run;
import dev.warren.examples.demo.report.Progress;
import dev.warren.examples.demo.report.Table;
import dev.warren.examples.demo.story.NodeException;
import dev.warren.examples.demo.story.Story;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs the demo. Exit status: 0 if every comparison was right, 1 if one was wrong or something
 * failed, 2 if the command line makes no sense.
 */
public final class DemoMain {

  private static final int RIGHT = 0;
  private static final int WRONG = 1;
  private static final int USAGE = 2;

  /** Longest line of the table: the terminal's width, given by the script. */
  private static final int COLUMNS = Integer.getInteger("demo.columns", Integer.MAX_VALUE);

  private static final long INTERRUPT_MILLIS = 300;

  private final Options options;
  private final Progress progress;
  private final Run run;

  // Both guarded by this: what ends the parts, and whether that was done.
  private final List<Runnable> endings = new ArrayList<>();
  private boolean cleaned;

  private DemoMain(Options options) throws IOException {
    this.options = options;
    progress = Progress.on(System.out, options.plain());
    run = new Run();
  }

  /** See {@code --help}. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    System.exit(run(List.of(arguments)));
  }

  private static int run(List<String> arguments) throws IOException, InterruptedException {
    Options options;
    try {
      options = Options.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("demo: " + e.getMessage());
      return USAGE;
    }
    if (options.help()) {
      System.out.print(help());
      return RIGHT;
    }
    DemoMain demo;
    try {
      demo = new DemoMain(options);
    } catch (IOException e) {
      System.err.println("demo: " + e.getMessage());
      return WRONG;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(demo::clean, "demo-cleaner"));
    try {
      return demo.tell();
    } finally {
      demo.clean();
    }
  }

  /* The same file that ./demo --help shows without a build. */
  private static String help() throws IOException {
    try (InputStream text = DemoMain.class.getResourceAsStream("help.txt")) {
      return new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Broker broker(Options options, Run run) throws IOException, InterruptedException {
    if (options.log() != null) {
      return new GivenBroker(options.log(), run.cluster());
    }
    if (!options.rabbitmq()) {
      return new EmbeddedBrokerPart(run);
    }
    Optional<Path> installed = options.docker() ? Optional.empty() : InstalledRabbitMq.find();
    if (installed.isPresent()) {
      return new InstalledRabbitMq(run, installed.get());
    }
    if (DockerRabbitMq.isAvailable()) {
      return new DockerRabbitMq(run);
    }
    throw new IOException(
        options.docker()
            ? "--rabbitmq=docker needs a Docker engine, but 'docker info' does not answer"
            : "--rabbitmq needs RabbitMQ: 'apt-get install rabbitmq-server', 'brew install rabbitmq',"
                + " or a Docker engine that answers 'docker info'");
  }

  private int tell() throws IOException, InterruptedException {
    Broker broker;
    Database database;
    try {
      broker = broker(options, run);
      database = database(options, run);
    } catch (IOException | IllegalArgumentException e) {
      System.err.println("demo: " + e.getMessage());
      return e instanceof IllegalArgumentException ? USAGE : WRONG;
    }
    atTheEnd(broker::close);
    atTheEnd(database::close);
    return tell(broker, database);
  }

  private static Database database(Options options, Run run) throws IOException {
    return options.persistence() == null
        ? new EmbeddedMongoPart(run)
        : new GivenMongo(options.persistence(), run.cluster());
  }

  private int tell(Broker broker, Database database) throws IOException, InterruptedException {
    Table table = new Table();
    try {
      LiveCluster cluster = startParts(broker, database);
      new Story(options.plantWrongAnswer()).run(cluster, progress, table);
      progress.say("\n" + table.format(COLUMNS));
      progress.say(verdict(table));
      if (options.keep()) {
        BufferedReader input =
            new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        new Prompt(cluster, progress).run(input, System.out);
      }
      cluster.quit();
      return table.allRight() ? RIGHT : WRONG;
    } catch (UncheckedIOException e) { // nobody reads: there is nothing to tell any more
      System.err.println("demo: " + e.getMessage());
      return WRONG;
    } catch (IOException | RuntimeException e) {
      // Ctrl-C in a terminal goes to the nodes too, which may be gone before this JVM cleans up.
      TimeUnit.MILLISECONDS.sleep(INTERRUPT_MILLIS);
      if (!run.children().isClosed()) { // else the demo was interrupted: nothing failed
        boolean logs = run.keepLogs();
        if (!table.isEmpty()) {
          progress.say("\n" + table.format(COLUMNS));
        }
        System.err.println("demo: " + (isExpected(e) ? e.getMessage() : e));
        if (logs) {
          System.err.println("demo: the logs of this run are in " + run.folder());
        }
      }
      return WRONG;
    }
  }

  private static boolean isExpected(Exception thrown) {
    return thrown instanceof IOException || thrown instanceof NodeException;
  }

  private LiveCluster startParts(Broker broker, Database database)
      throws IOException, InterruptedException {
    progress.say("Log:         " + broker.description());
    progress.say("Persistence: " + database.description());
    long start = System.nanoTime();
    if (options.persistence() != null) {
      database.start(); // nothing needs to be started if it cannot be reached
      broker.start();
    } else {
      broker.start();
      database.start();
    }
    progress.say(
        "Both answer after %d ms. Logs of this run: %s"
            .formatted((System.nanoTime() - start) / 1_000_000, run.folder()));
    return new LiveCluster(run, broker, database);
  }

  private static String verdict(Table table) {
    return table.allRight()
        ? "Every comparison was right."
        : "NOT every comparison was right: see the last column.";
  }

  private synchronized void atTheEnd(Runnable ending) {
    endings.add(ending);
  }

  /* Also runs on Ctrl-C, then beside the thread that tells. */
  private synchronized void clean() {
    if (cleaned) {
      return;
    }
    cleaned = true;
    run.children().close();
    endings.forEach(Runnable::run);
    try {
      run.close();
    } catch (IOException e) {
      System.err.println("demo: " + run.folder() + " could not be removed: " + e.getMessage());
    }
  }
}
