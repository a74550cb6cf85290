// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import dev.warren.sync.UriRedaction;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Predicate;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the configuration of a manager's URI and lays the stronger sources over it: properties,
 * system properties, environment, file, defaults.
 */
final class ConfigSource {

  private static final URI DEFAULT = URI.create("warren:default");
  private static final String DEFAULT_RESOURCE = "warren.conf";
  private static final String CLASSPATH = "classpath:";
  private static final String OVERRIDE = "warren.config";
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "WARREN_LOG", "warren.log",
          "WARREN_CLUSTER", "warren.cluster",
          "WARREN_PERSISTENCE", "warren.persistence");

  private final ClassLoader loader;
  private final Map<String, Object> properties;
  private final Map<String, Object> systemProperties;
  private final Map<String, Object> environment;
  private final @Nullable String place;

  /**
   * Looks where there is something to read, and reads nothing yet.
   *
   * @param known the keys that system properties may set; others are not Warren's
   */
  ConfigSource(
      URI uri,
      ClassLoader loader,
      Properties given,
      Properties system,
      Map<String, String> variables,
      Set<String> known) {
    this.loader = loader;
    this.properties = values(given, key -> key.startsWith("warren.") && !key.equals(OVERRIDE));
    this.systemProperties = values(system, known::contains);
    this.environment = values(variables);
    this.place = place(uri, loader, system.getProperty(OVERRIDE));
  }

  /** True if nobody said anything: the defaults hold. */
  boolean isSilent() {
    return place == null
        && properties.isEmpty()
        && systemProperties.isEmpty()
        && environment.isEmpty();
  }

  Config load() {
    try {
      return ConfigFactory.parseMap(properties, "properties")
          .withFallback(ConfigFactory.parseMap(systemProperties, "system properties"))
          .withFallback(ConfigFactory.parseMap(environment, "environment"))
          .withFallback(place == null ? ConfigFactory.empty() : file(place, loader))
          .withFallback(defaults())
          .resolve();
    } catch (ConfigException e) {
      throw new CacheException(
          "WRN-0130 The configuration cannot be read: "
              + UriRedaction.redact(String.valueOf(e.getMessage())),
          e);
    }
  }

  /** The values that hold where nothing else is said. */
  static Config defaults() {
    return ConfigFactory.parseResources(ConfigSource.class.getClassLoader(), "reference.conf")
        .withOnlyPath("warren");
  }

  private static Map<String, Object> values(Properties properties, Predicate<String> wanted) {
    Map<String, Object> map = new HashMap<>();
    for (String key : properties.stringPropertyNames()) {
      if (wanted.test(key)) {
        map.put(key, properties.getProperty(key));
      }
    }
    return map;
  }

  private static Map<String, Object> values(Map<String, String> variables) {
    Map<String, Object> map = new HashMap<>();
    ENVIRONMENT.forEach(
        (variable, key) -> {
          String value = variables.get(variable);
          if (value != null) {
            map.put(key, value);
          }
        });
    return map;
  }

  /**
   * Where the file is; null if there is none, and none is missed. URIs of unknown schemes only name
   * a manager: JSR-107 lets a provider choose their meaning.
   */
  private static @Nullable String place(URI uri, ClassLoader loader, @Nullable String override) {
    if (uri.equals(DEFAULT)) {
      return override != null || loader.getResource(DEFAULT_RESOURCE) == null
          ? override
          : CLASSPATH + DEFAULT_RESOURCE;
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme();
    return switch (scheme) {
      case "http", "https", "file", "jar", "classpath" -> uri.toString();
      case "" -> {
        String path = uri.getPath();
        boolean meant = path.endsWith(".conf") || path.endsWith(".json");
        yield meant || new File(path).isFile() ? path : null;
      }
      default -> null;
    };
  }

  private static Config file(String place, ClassLoader loader) {
    ConfigParseOptions strict = ConfigParseOptions.defaults().setAllowMissing(false);
    if (place.startsWith(CLASSPATH)) {
      String name = place.substring(CLASSPATH.length());
      String relative = name.startsWith("/") ? name.substring(1) : name;
      return ConfigFactory.parseResources(loader, relative, strict);
    }
    if (place.startsWith("file:") || place.startsWith("jar:")) {
      try {
        return ConfigFactory.parseURL(URI.create(place).toURL(), strict);
      } catch (MalformedURLException e) {
        throw new CacheException("WRN-0131 " + place + " is not a URL: correct it", e);
      }
    }
    if (place.startsWith("http:") || place.startsWith("https:")) {
      throw new CacheException(
          "WRN-0131 Configuration is not read from "
              + UriRedaction.redact(place)
              + ": copy it to the class path or a file (classpath:, file:)");
    }
    return ConfigFactory.parseFile(new File(place), strict);
  }
}
