// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence.internal;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoIncompatibleDriverException;
import com.mongodb.MongoInterruptedException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.MongoWriteException;
import com.mongodb.bulk.BulkWriteError;
import java.util.List;

/** Says what a failure of the driver means for the user: rule, what happened, remedy. */
final class Failures {
  /** Server error codes: Unauthorized and AuthenticationFailed. */
  private static final int UNAUTHORIZED = 13;

  private static final int AUTHENTICATION_FAILED = 18;

  /** Two upserts of one new document met; one of them should be repeated. */
  static final int DUPLICATE_KEY = 11000;

  private Failures() {}

  /** Restores the interrupt if {@code e} swallowed one. */
  static String explain(SharedClient client, RuntimeException e) {
    String where = client.describe();
    if (e instanceof SharedClient.ClosedException) {
      return "the connection to " + where + " is closed";
    } else if (e instanceof MongoInterruptedException) {
      Thread.currentThread().interrupt();
      return "interrupted while waiting for MongoDB at " + where;
    } else if (refusedLogin(e)) {
      return "MongoDB at "
          + where
          + " refused the login: correct user, password and authSource in the address";
    } else if (e instanceof MongoTimeoutException) {
      return "MongoDB must answer within "
          + client.patience()
          + ", but at "
          + where
          + " none did ("
          + reason(e)
          + "): start it, or correct the address";
    } else if (e instanceof MongoIncompatibleDriverException) {
      return "MongoDB must be 4.2 or newer, but at " + where + ": " + e.getMessage();
    } else if (e instanceof MongoSocketException) {
      return "the connection to MongoDB at "
          + where
          + " was lost ("
          + reason(e)
          + "); whether the last write was done is unknown, repeating it is harmless";
    } else if (code(e) == UNAUTHORIZED) {
      return "the user of "
          + where
          + " must be allowed to read and write, but MongoDB said: "
          + reason(e)
          + "; grant it the role readWrite on the database";
    } else if (e instanceof IllegalArgumentException) {
      return "the address " + where + " cannot be used: check its hosts and options";
    }
    return "MongoDB at " + where + " refused: " + reason(e);
  }

  /** One line for the errors of a bulk write. */
  static String explain(SharedClient client, List<BulkWriteError> errors) {
    BulkWriteError first = errors.get(0);
    return "MongoDB at "
        + client.describe()
        + " refused "
        + errors.size()
        + " document(s) of a bulk write, the first with code "
        + first.getCode()
        + ": "
        + first.getMessage();
  }

  private static boolean refusedLogin(RuntimeException e) {
    return e instanceof MongoSecurityException
        || code(e) == AUTHENTICATION_FAILED
        || (e instanceof MongoTimeoutException
            && String.valueOf(e.getMessage()).contains("MongoSecurityException"));
  }

  private static int code(RuntimeException e) {
    return e instanceof MongoCommandException || e instanceof MongoWriteException
        ? ((MongoException) e).getCode()
        : 0;
  }

  /** The deepest cause in short; of a time-out what the driver says of the servers. */
  private static String reason(Throwable e) {
    String message = String.valueOf(e.getMessage());
    int caused = message.lastIndexOf("caused by {");
    if (caused >= 0) {
      int end = message.indexOf('}', caused);
      return message.substring(caused + "caused by {".length(), end < 0 ? message.length() : end);
    }
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest == e ? message : message + ": " + deepest;
  }
}
