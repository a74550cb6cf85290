// SPDX-License-Identifier: Apache-2.0
package dev.warren.transport.internal;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.sync.TransportException;
import dev.warren.sync.TransportException.Reason;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells from what the client throws why a connection cannot be had, and what to do about it. */
final class Failures {

  private Failures() {}

  static TransportException of(AmqpUri uri, Throwable thrown) {
    if (thrown instanceof TransportException known) {
      return known;
    }
    if (find(thrown, AuthenticationFailureException.class) != null
        || find(thrown, PossibleAuthenticationFailureException.class) != null) {
      return refusedLogin(uri, thrown);
    }
    ShutdownSignalException signal = find(thrown, ShutdownSignalException.class);
    if (signal != null) {
      if (signal.getReason() instanceof AMQP.Connection.Close close) {
        return closed(uri, close.getReplyCode(), close.getReplyText(), thrown);
      }
      if (signal.getReason() instanceof AMQP.Channel.Close close) {
        return closed(uri, close.getReplyCode(), close.getReplyText(), thrown);
      }
    }
    return new TransportException(
        Reason.UNREACHABLE,
        "no broker could be reached at "
            + uri
            + " ("
            + root(thrown)
            + "): is it running, and does a firewall let this host through?",
        thrown);
  }

  private static TransportException refusedLogin(AmqpUri uri, Throwable cause) {
    return new TransportException(
        Reason.REFUSED_LOGIN,
        "the broker at "
            + uri
            + " refused the login of "
            + uri.user()
            + ": check user and password in warren.log (RabbitMQ lets guest in from localhost only)",
        cause);
  }

  private static TransportException closed(AmqpUri uri, int code, String text, Throwable cause) {
    String lower = text.toLowerCase(Locale.ROOT);
    boolean aboutVhost =
        lower.contains("vhost") || lower.contains("virtual host") || lower.contains("virtualhost");
    if (aboutVhost && (lower.contains("not found") || lower.contains("unknown"))) {
      return new TransportException(
          Reason.NO_SUCH_VHOST,
          "the broker at %s has no virtual host %s: create it, or change the path in warren.log"
              .formatted(uri, uri.vhost()),
          cause);
    }
    if (code == AMQP.ACCESS_REFUSED || (aboutVhost && lower.contains("refused"))) {
      return new TransportException(
          Reason.NO_PERMISSION,
          ("the broker at %s gave %s no permission (%s): allow configure, write and read of"
                  + " ^(warren\\..*|amq\\..*)$ in virtual host %s")
              .formatted(uri, uri.user(), text, uri.vhost()),
          cause);
    }
    if (code == AMQP.PRECONDITION_FAILED && lower.contains("replica on the local node")) {
      // A cluster's broker that starts, or holds no copy of this stream: another address may serve.
      return new TransportException(
          Reason.UNREACHABLE,
          ("the broker at %s is not ready (%s): it has no running copy of the log; if it never gets"
                  + " one, add it with rabbitmq-streams add_replica")
              .formatted(uri, text),
          cause);
    }
    if (code == AMQP.PRECONDITION_FAILED
        || code == AMQP.NOT_IMPLEMENTED
        || code == AMQP.COMMAND_INVALID) {
      return new TransportException(
          Reason.UNSUITABLE_BROKER,
          ("the broker at %s cannot keep the log (%s): RabbitMQ 3.9 or newer has"
                  + " streams; a queue of the same name that is none must be deleted first")
              .formatted(uri, text),
          cause);
    }
    return new TransportException(
        Reason.UNREACHABLE, "the broker at %s is not ready (%s)".formatted(uri, text), cause);
  }

  /** What ended a connection that stood. */
  static TransportException lost(AmqpUri uri, Throwable cause) {
    return new TransportException(
        Reason.CONNECTION_LOST, "the connection to " + uri + " ended: " + root(cause), cause);
  }

  private static String root(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return message == null ? root.getClass().getSimpleName() : message;
  }

  private static <T extends Throwable> @Nullable T find(Throwable thrown, Class<T> type) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return type.cast(t);
      }
    }
    return null;
  }
}
