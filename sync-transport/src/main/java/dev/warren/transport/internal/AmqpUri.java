// SPDX-License-Identifier: Apache-2.0
package dev.warren.transport.internal;

import com.rabbitmq.client.Address;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code amqp[s]://[user[:password]@]host[:port][,host[:port]…][/vhost]}. Without a path the
 * virtual host is {@code /}; a path names it, percent-encoded (RabbitMQ URI specification).
 */
public record AmqpUri(
    boolean tls, String user, String password, List<Address> addresses, String vhost) {

  private static final Pattern FORM =
      Pattern.compile("(?i)(amqps?)://(?:([^/]*)@)?([^/@?#]+)(?:/([^/?#]*))?");
  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\[\\]\\s]+)(?::(\\d{1,5}))?");

  /**
   * Reads a URI.
   *
   * @throws IllegalArgumentException if it is not of the form above
   */
  public static AmqpUri parse(String uri) {
    Matcher matcher = FORM.matcher(uri.strip());
    if (!matcher.matches()) {
      throw malformed(uri);
    }
    boolean tls = matcher.group(1).equalsIgnoreCase("amqps");
    String login = matcher.group(2) == null ? "guest:guest" : matcher.group(2);
    int colon = login.indexOf(':');
    String path = matcher.group(4);
    List<Address> addresses = new ArrayList<>();
    for (String part : matcher.group(3).split(",", -1)) {
      Matcher host = HOST.matcher(part.strip());
      int port = tls ? 5671 : 5672;
      if (!host.matches()) {
        throw malformed(uri);
      }
      if (host.group(2) != null) {
        port = Integer.parseInt(host.group(2));
      }
      if (port < 1 || port > 65_535) {
        throw malformed(uri);
      }
      addresses.add(new Address(host.group(1).replaceAll("[\\[\\]]", ""), port));
    }
    try {
      return new AmqpUri(
          tls,
          decode(colon < 0 ? login : login.substring(0, colon)),
          colon < 0 ? "" : decode(login.substring(colon + 1)),
          List.copyOf(addresses),
          path == null || path.isEmpty() ? "/" : decode(path));
    } catch (IllegalArgumentException e) {
      throw malformed(uri);
    }
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static IllegalArgumentException malformed(String uri) {
    return new IllegalArgumentException(
        "the log's address must be amqp://user:password@host:port,host:port/vhost, with characters"
            + " such as @ and / in user, password and vhost percent-encoded, but was "
            + hide(uri));
  }

  /** Shows {@code ***} for whatever may be a password. */
  private static String hide(String uri) {
    int at = uri.lastIndexOf('@');
    int start = uri.indexOf("//");
    int colon = uri.indexOf(':', start < 0 ? 0 : start);
    return at < 0 || colon < 0 || colon > at
        ? uri
        : uri.substring(0, colon + 1) + "***" + uri.substring(at);
  }

  /** The address without the password. */
  @Override
  public String toString() {
    return (tls ? "amqps://" : "amqp://")
        + user
        + ":***@"
        + addresses.stream()
            .map(a -> a.getHost() + ":" + a.getPort())
            .collect(Collectors.joining(","))
        + (vhost.equals("/") ? "" : "/" + vhost);
  }
}
