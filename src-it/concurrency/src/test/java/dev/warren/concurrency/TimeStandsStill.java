// SPDX-License-Identifier: Apache-2.0
package dev.warren.concurrency;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import javax.cache.Cache;

/**
 * Lets time move between the operations of a cache, but not while one runs: JCache does not say at
 * which moment of its run an operation looks at the clock.
 */
final class TimeStandsStill {
  private final ReadWriteLock running = new ReentrantReadWriteLock();

  @SuppressWarnings("unchecked") // a proxy of just this interface
  <K, V> Cache<K, V> during(Cache<K, V> cache) {
    return (Cache<K, V>)
        Proxy.newProxyInstance(
            TimeStandsStill.class.getClassLoader(),
            new Class<?>[] {Cache.class},
            (proxy, method, arguments) -> {
              if (method.getDeclaringClass() == Object.class) { // Lincheck looks what this is
                return method.getName().equals("equals")
                    ? proxy == arguments[0]
                    : method.invoke(this, arguments);
              }
              running.readLock().lock();
              try {
                return method.invoke(cache, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              } finally {
                running.readLock().unlock();
              }
            });
  }

  void move(Runnable time) {
    running.writeLock().lock();
    try {
      time.run();
    } finally {
      running.writeLock().unlock();
    }
  }
}
