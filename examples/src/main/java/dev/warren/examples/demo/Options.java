// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param log a broker that runs anyway; null for one of this run's own
 * @param persistence a MongoDB that runs anyway; null for the embedded stand-in
 * @param rabbitmq a private RabbitMQ instead of the embedded broker
 * @param docker that RabbitMQ in a container, also where the program is installed
 * @param keep a prompt after the story
 * @param plain whole lines instead of bars
 * @param help only say how to use it
 * @param plantWrongAnswer falsify one entry, to test that the demo finds it
 */
record Options(
    @Nullable String log,
    @Nullable String persistence,
    boolean rabbitmq,
    boolean docker,
    boolean keep,
    boolean plain,
    boolean help,
    boolean plantWrongAnswer) {

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException if it makes no sense: one line for people
   */
  static Options parse(List<String> arguments) {
    String log = null;
    String persistence = null;
    boolean rabbitmq = false;
    boolean docker = false;
    boolean keep = false;
    boolean plain = false;
    boolean help = false;
    boolean plant = false;
    Iterator<String> rest = arguments.stream().flatMap(Options::split).iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      switch (option) {
        case "--log" -> log = address(option, rest, "amqp://", "amqps://");
        case "--persistence" -> persistence = address(option, rest, "mongodb://", "mongodb+srv://");
        case "--rabbitmq" -> rabbitmq = true;
        case "--rabbitmq=docker" -> docker = true;
        case "--keep" -> keep = true;
        case "--plain" -> plain = true;
        case "--help", "-h" -> help = true;
        case "--plant-wrong-answer" -> plant = true;
        default ->
            throw new IllegalArgumentException(
                "unknown option '" + option + "'; ./demo --help lists them");
      }
    }
    rabbitmq |= docker;
    if (rabbitmq && log != null) {
      throw new IllegalArgumentException("--rabbitmq and --log name two brokers; choose one");
    }
    return new Options(log, persistence, rabbitmq, docker, keep, plain, help, plant);
  }

  /* --log=VALUE is --log VALUE. */
  private static Stream<String> split(String argument) {
    int equals = argument.indexOf('=');
    return argument.startsWith("--log=") || argument.startsWith("--persistence=")
        ? Stream.of(argument.substring(0, equals), argument.substring(equals + 1))
        : Stream.of(argument);
  }

  private static String address(
      String option, Iterator<String> rest, String scheme, String otherScheme) {
    String value = rest.hasNext() ? rest.next() : "";
    if (!value.startsWith(scheme) && !value.startsWith(otherScheme)) {
      int end = value.indexOf("://");
      throw new IllegalArgumentException(
          "%s needs an address that begins with %s or %s%s"
              .formatted(
                  option,
                  scheme,
                  otherScheme,
                  end < 0 ? "" : ", but it began with " + value.substring(0, end + 3)));
    }
    return value;
  }
}
