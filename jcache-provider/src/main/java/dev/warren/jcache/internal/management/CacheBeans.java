// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.management;

import java.lang.management.ManagementFactory;
import javax.cache.CacheException;
import javax.cache.configuration.CompleteConfiguration;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The MXBeans of one cache, each registered exactly while it is enabled. JCache's names do not tell
 * class loaders apart: when another cache has the name, this one goes without and says so, and it
 * never unregisters a bean that it did not register.
 */
public final class CacheBeans {
  private static final Logger LOG = LoggerFactory.getLogger(CacheBeans.class);

  private final Bean statistics;
  private final Bean configuration;
  private final String cacheName;
  private final @Nullable NodeBeans node;

  /**
   * @param node Warren's own beans; null for a local cache
   */
  public CacheBeans(
      String managerUri,
      String cacheName,
      CacheStatistics statistics,
      CompleteConfiguration<?, ?> configuration,
      @Nullable NodeBeans node) {
    this.cacheName = cacheName;
    this.node = node;
    this.statistics =
        new Bean(
            name(
                "javax.cache:type=CacheStatistics,CacheManager=", managerUri, ",Cache=", cacheName),
            statistics);
    this.configuration =
        new Bean(
            name(
                "javax.cache:type=CacheConfiguration,CacheManager=",
                managerUri,
                ",Cache=",
                cacheName),
            new CacheConfigurationBean(configuration, statistics::isEnabled));
  }

  public void enableStatistics(boolean enable) {
    statistics.enable(enable);
  }

  public void enableManagement(boolean enable) {
    configuration.enable(enable);
    if (node != null) {
      node.enable(cacheName, enable);
    }
  }

  public void close() {
    statistics.enable(false);
    enableManagement(false);
  }

  /** A name of fixed parts and, in every second place, texts that are sanitized. */
  static ObjectName name(String... parts) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < parts.length; i++) {
      text.append(i % 2 == 0 ? parts[i] : sanitize(parts[i]));
    }
    String name = text.toString();
    try {
      return new ObjectName(name);
    } catch (JMException e) {
      throw new CacheException("a cache must have a name for JMX, but " + name + " is none", e);
    }
  }

  /** JCache replaces {@code , : = \n}; the others would be patterns, quotes or refused. */
  private static String sanitize(String text) {
    return text.replaceAll("[,:=\n*?\"]", ".");
  }

  /** One bean under one name; its monitor guards {@code registered}. */
  static final class Bean {
    private final ObjectName name;
    private final Object bean;
    private boolean registered;

    Bean(ObjectName name, Object bean) {
      this.name = name;
      this.bean = bean;
    }

    synchronized void enable(boolean enable) {
      if (enable == registered) {
        return;
      }
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();
      try {
        if (enable) {
          server.registerMBean(bean, name);
        } else {
          server.unregisterMBean(name);
        }
        registered = enable;
      } catch (InstanceAlreadyExistsException e) {
        LOG.warn("WRN-0112 Another cache is registered in JMX as {}: this one is not shown", name);
      } catch (InstanceNotFoundException e) {
        registered = false;
      } catch (JMException e) {
        throw new CacheException("JMX refused " + name, e);
      }
    }
  }
}
