// SPDX-License-Identifier: Apache-2.0
package dev.warren.testkit;

/** Where the private RabbitMQ of a test runs. It keeps its port and its data when it ends. */
sealed interface RabbitHost extends AutoCloseable permits InstalledRabbit, DockerRabbit {
  /** Of AMQP, on loopback. */
  int port();

  /** Starts the broker, with what it stored if it ran before; does not wait for it. */
  void start();

  /** False if the broker has ended. */
  boolean isAlive();

  /** What it said last, for the message of a failure. */
  String output();

  /** kill -9; nothing if it does not run. */
  void kill();

  /** Stops it in order; nothing if it does not run. */
  void stop();

  /** Makes it stand still, as SIGSTOP does; returns when it does. */
  void pause();

  /** Ends {@link #pause}. */
  void resume();

  /**
   * Runs {@code rabbitmqctl -q} with these arguments and fails if that does; returns what it said.
   */
  String control(String... arguments);

  /** Stops the broker and leaves nothing of it. */
  @Override
  void close();
}
