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
import javax.cache.CacheException;

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

  private ConfigSource() {}

  static Config load(
      URI uri,
      ClassLoader loader,
      Properties given,
      Properties system,
      Map<String, String> environment,
      Set<String> known) {
    try {
      return strings(given, key -> key.startsWith("warren.") && !key.equals(OVERRIDE), "properties")
          .withFallback(strings(system, known::contains, "system properties"))
          .withFallback(environment(environment))
          .withFallback(file(uri, loader, system.getProperty(OVERRIDE)))
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

  private static Config strings(
      Properties properties, java.util.function.Predicate<String> wanted, String what) {
    Map<String, Object> map = new HashMap<>();
    for (String key : properties.stringPropertyNames()) {
      if (wanted.test(key)) {
        map.put(key, properties.getProperty(key));
      }
    }
    return ConfigFactory.parseMap(map, what);
  }

  private static Config environment(Map<String, String> environment) {
    Map<String, Object> map = new HashMap<>();
    ENVIRONMENT.forEach(
        (variable, key) -> {
          String value = environment.get(variable);
          if (value != null) {
            map.put(key, value);
          }
        });
    return ConfigFactory.parseMap(map, "environment");
  }

  /* URIs of unknown schemes only name a manager: JSR-107 lets a provider choose their meaning. */
  private static Config file(URI uri, ClassLoader loader, String override) {
    if (uri.equals(DEFAULT)) {
      return override == null
          ? ConfigFactory.parseResources(loader, DEFAULT_RESOURCE)
          : file(override, loader);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme();
    return switch (scheme) {
      case "http", "https" ->
          throw new CacheException(
              "WRN-0131 Configuration is not read from "
                  + UriRedaction.redact(uri.toString())
                  + ": copy it to the class path or a file (classpath:, file:)");
      case "file", "jar", "classpath" -> file(uri.toString(), loader);
      case "" -> {
        String path = uri.getPath();
        boolean meant = path.endsWith(".conf") || path.endsWith(".json");
        yield meant || new File(path).isFile() ? file(path, loader) : ConfigFactory.empty();
      }
      default -> ConfigFactory.empty();
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
      return file(URI.create(place), loader, place);
    }
    return ConfigFactory.parseFile(new File(place), strict);
  }
}
