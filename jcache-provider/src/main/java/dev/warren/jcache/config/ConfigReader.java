// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.warren.sync.UriRedaction;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Reads checked values out of one block; every failure names place, key, value and remedy.
 *
 * @param prefix what stands before the block's keys in messages
 */
record ConfigReader(Config config, String prefix) {

  /** Refuses keys that are neither known nor below a known prefix that ends with a dot. */
  void refuseUnknown(Collection<String> known) {
    refuseUnknown(config.root(), "", known);
  }

  private void refuseUnknown(ConfigObject object, String path, Collection<String> known) {
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      String key = path + entry.getKey();
      if (known.contains(key) || known.contains(key + ".")) {
        continue;
      }
      boolean inner = known.stream().anyMatch(k -> k.startsWith(key + "."));
      if (inner && entry.getValue() instanceof ConfigObject nested) {
        refuseUnknown(nested, key + ".", known);
      } else if (inner) {
        throw failure(key, entry.getValue(), "must be a block", "write " + key + " { … }");
      } else {
        String nearest = nearest(key, known);
        throw failure(
            key, entry.getValue(), "is not a known key", "did you mean " + prefix + nearest + "?");
      }
    }
  }

  @Nullable String string(String key) {
    if (!config.hasPath(key)) {
      return null;
    }
    String text = typed(key, "text", () -> config.getString(key)).trim();
    return text.isEmpty() ? null : text;
  }

  boolean flag(String key, boolean otherwise) {
    return config.hasPath(key)
        ? typed(key, "true or false", () -> config.getBoolean(key))
        : otherwise;
  }

  /** A whole number from {@code least} to {@code most}. */
  long number(String key, long least, long most) {
    long number = typed(key, "a whole number", () -> config.getLong(key));
    return inRange(key, number, least, most);
  }

  /** Bytes, as {@code 64 MiB}. */
  long bytes(String key, long least, long most) {
    long number = typed(key, "a size such as 64 MiB", () -> config.getBytes(key));
    return inRange(key, number, least, most);
  }

  Duration duration(String key, Duration least, Duration most) {
    Duration duration = typed(key, "a duration such as 10s", () -> config.getDuration(key));
    if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
      String rule = "must be from " + least.toMillis() + " ms to " + most.toMillis() + " ms";
      throw failure(key, rule, "choose a value in this range");
    }
    return duration;
  }

  <E extends Enum<E>> E choice(String key, Class<E> type, E otherwise) {
    String text = string(key);
    if (text == null) {
      return otherwise;
    }
    for (E constant : type.getEnumConstants()) {
      if (spelled(constant).equals(text)) {
        return constant;
      }
    }
    String choices =
        Arrays.toString(
            Arrays.stream(type.getEnumConstants()).map(ConfigReader::spelled).toArray());
    throw failure(key, "must be one of " + choices, "choose one of them");
  }

  /** As settings spell it: {@code read-only}. */
  static String spelled(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A list of texts, or one text with commas. */
  List<String> texts(String key) {
    if (!config.hasPath(key)) {
      return List.of();
    }
    if (config.getValue(key).valueType() == ConfigValueType.LIST) {
      return List.copyOf(typed(key, "a list of texts", () -> config.getStringList(key)));
    }
    String text = string(key);
    return text == null
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(String::trim).filter(s -> !s.isEmpty()).toList();
  }

  List<? extends Config> blocks(String key) {
    return config.hasPath(key)
        ? typed(key, "a list of blocks", () -> config.getConfigList(key))
        : List.of();
  }

  CacheException failure(String key, String rule, String remedy) {
    return failure(key, config.hasPath(key) ? config.getValue(key) : null, rule, remedy);
  }

  private long inRange(String key, long number, long least, long most) {
    if (number < least || number > most) {
      throw failure(key, "must be from " + least + " to " + most, "choose a value in this range");
    }
    return number;
  }

  private <T> T typed(String key, String what, Supplier<T> get) {
    try {
      return get.get();
    } catch (ConfigException e) {
      CacheException failure = failure(key, "must be " + what, "correct it");
      failure.initCause(e instanceof ConfigException.BadValue ? null : e);
      throw failure;
    }
  }

  private CacheException failure(
      String key, @Nullable ConfigValue value, String rule, String remedy) {
    String place = value == null ? config.origin().description() : value.origin().description();
    String shown = value == null ? "not set" : UriRedaction.redact(shown(value));
    return new CacheException(
        "WRN-0130 "
            + prefix
            + key
            + " "
            + rule
            + ", but is "
            + shown
            + " ("
            + place
            + "): "
            + remedy);
  }

  private static String shown(ConfigValue value) {
    return value instanceof ConfigObject ? "a block" : String.valueOf(value.unwrapped());
  }

  private static String nearest(String key, Collection<String> known) {
    String plain = String.join(".", ConfigUtil.splitPath(ConfigUtil.quoteString(key)));
    String best = "";
    int least = Integer.MAX_VALUE;
    for (String candidate : known) {
      int distance = distance(plain, candidate);
      if (distance < least) {
        least = distance;
        best = candidate;
      }
    }
    return best;
  }

  /* Levenshtein's, one row at a time. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
