// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence.internal;

import com.mongodb.ConnectionString;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The address of a MongoDB as configured, with its password, which {@link #toString} and {@link
 * #display} hide. Equal texts are equal addresses.
 */
public final class MongoUri {
  private static final String DEFAULT_DATABASE = "warren";
  private static final String PLAIN = "mongodb://";
  private static final String SRV = "mongodb+srv://";

  /** From the first colon of the user's part to the last at sign: passwords may hold anything. */
  private static final Pattern PASSWORD = Pattern.compile("(?s)(://[^:@/?]*):.*@");

  private static final Pattern SECRET_OPTIONS =
      Pattern.compile("(?i)([?&;](?:[a-z]*password|authMechanismProperties)=)[^&;]*");

  private final String text;

  private MongoUri(String text) {
    this.text = text;
  }

  /**
   * Checks what can be checked without asking a name server.
   *
   * @param setting what is configured, for messages
   * @throws IllegalArgumentException if {@code text} is not the address of a MongoDB
   */
  public static MongoUri parse(String setting, String text) {
    MongoUri uri = new MongoUri(text);
    String scheme = text.toLowerCase(Locale.ROOT);
    if (scheme.startsWith(SRV)) {
      String host = text.substring(SRV.length()).replaceFirst("(?s)^.*@", "");
      if (host.isEmpty() || "/?:,".indexOf(host.charAt(0)) >= 0) {
        throw malformed(setting, uri, "no host is named");
      }
    } else if (scheme.startsWith(PLAIN)) {
      try {
        uri.connectionString();
      } catch (IllegalArgumentException e) {
        throw malformed(setting, uri, reason(text, e));
      }
    } else {
      throw malformed(setting, uri, "it begins otherwise");
    }
    return uri;
  }

  /** The driver's own words, unless they might quote a piece of the password. */
  private static String reason(String text, IllegalArgumentException e) {
    return text.indexOf('@') >= 0
        ? "check hosts and options, and write special characters of user and password as %40 for @"
            + " and so on"
        : String.valueOf(e.getMessage());
  }

  private static IllegalArgumentException malformed(String setting, MongoUri uri, String reason) {
    // without a cause: the driver's message may hold the password
    return new IllegalArgumentException(
        setting
            + " must be a MongoDB address such as mongodb://user:password@host:27017/warren, but was "
            + uri.display()
            + ": "
            + reason);
  }

  /** Asks a name server if the scheme is {@code mongodb+srv}. */
  ConnectionString connectionString() {
    int schemeEnd = text.indexOf("://");
    return new ConnectionString(
        text.substring(0, schemeEnd).toLowerCase(Locale.ROOT) + text.substring(schemeEnd));
  }

  /** The database named in the address, else {@code warren}. */
  static String database(ConnectionString connection) {
    String database = connection.getDatabase();
    return database == null || database.isEmpty() ? DEFAULT_DATABASE : database;
  }

  /** With {@code ***} for passwords. */
  public String display() {
    String shown = PASSWORD.matcher(text).replaceFirst("$1:***@");
    return SECRET_OPTIONS.matcher(shown).replaceAll("$1***");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MongoUri that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return display();
  }
}
