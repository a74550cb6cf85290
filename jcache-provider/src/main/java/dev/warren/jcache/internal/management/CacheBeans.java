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

  public CacheBeans(
      String managerUri,
      String cacheName,
      CacheStatistics statistics,
      CompleteConfiguration<?, ?> configuration) {
    this.statistics = new Bean(name("CacheStatistics", managerUri, cacheName), statistics);
    this.configuration =
        new Bean(
            name("CacheConfiguration", managerUri, cacheName),
            new CacheConfigurationBean(configuration, statistics::isEnabled));
  }

  public void enableStatistics(boolean enable) {
    statistics.enable(enable);
  }

  public void enableManagement(boolean enable) {
    configuration.enable(enable);
  }

  public void close() {
    statistics.enable(false);
    configuration.enable(false);
  }

  private static ObjectName name(String type, String managerUri, String cacheName) {
    String name =
        "javax.cache:type="
            + type
            + ",CacheManager="
            + sanitize(managerUri)
            + ",Cache="
            + sanitize(cacheName);
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
  private static final class Bean {
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
