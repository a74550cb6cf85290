// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import dev.warren.jcache.WarrenCachingProvider;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.expiry.TouchedExpiryPolicy;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An application that is dropped takes its class loader with it, although the threads that it used
 * live on, and whether or not it closed its caches.
 */
class ClassLoaderLeakTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A container's thread: there before the application, and after it. */
  private final ExecutorService container = Executors.newSingleThreadExecutor();

  @AfterEach
  void stop() {
    container.shutdownNow();
  }

  /** A mutable value type, a listener and processors of the application's own. */
  public static final class Application implements Runnable {
    private final CachingProvider provider;
    private final String kind;
    private final boolean close;

    public Application(CachingProvider provider, String kind, boolean close) {
      this.provider = provider;
      this.kind = kind;
      this.close = close;
    }

    /** A value. */
    public static final class Value {
      public int number;
    }

    private static final class Listener implements CacheEntryCreatedListener<String, Value> {
      @Override
      public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends Value>> events) {
        events.forEach(event -> event.getValue().number++);
      }
    }

    @Override
    public void run() {
      CacheManager manager =
          provider.getCacheManager(URI.create("warren:leak"), getClass().getClassLoader());
      MutableConfiguration<String, Value> configuration =
          new MutableConfiguration<String, Value>().setTypes(String.class, Value.class);
      switch (kind) {
        case "plain" -> {}
        case "expiring" ->
            configuration.setExpiryPolicyFactory(
                TouchedExpiryPolicy.factoryOf(
                    new javax.cache.expiry.Duration(TimeUnit.MILLISECONDS, 500)));
        default -> {
          configuration.setManagementEnabled(true);
          for (boolean synchronous : new boolean[] {true, false}) {
            configuration.addCacheEntryListenerConfiguration(
                new MutableCacheEntryListenerConfiguration<>(
                    Listener::new, null, true, synchronous));
          }
        }
      }
      Cache<String, Value> cache = manager.createCache("c", configuration);
      for (int i = 0; i < 100; i++) {
        cache.put("k" + i, new Value());
        cache.get("k" + i);
      }
      cache.invoke(
          "k1",
          (entry, args) -> {
            Value value = entry.getValue();
            value.number++;
            entry.setValue(value);
            return null;
          });
      if (close) {
        manager.close();
      }
    }
  }

  /** Defines anew what {@code own} accepts, and leaves the rest to this test's own loader. */
  private static final class ApplicationLoader extends URLClassLoader {
    private final List<String> own;

    ApplicationLoader(List<String> own) {
      super(classPath(), ApplicationLoader.class.getClassLoader());
      this.own = own;
    }

    private static URL[] classPath() {
      List<URL> urls = new ArrayList<>();
      for (String place : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
        try {
          urls.add(new File(place).toURI().toURL());
        } catch (MalformedURLException e) {
          throw new UncheckedIOException(e);
        }
      }
      return urls.toArray(URL[]::new);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        return own.stream().anyMatch(name::startsWith)
            ? findClass(name)
            : super.loadClass(name, resolve);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "plain, true", "expiring, true", "listening, true",
    "plain, false", "expiring, false", "listening, false"
  })
  void applicationClasses_afterwards_areCollected(String kind, boolean close) throws Exception {
    CachingProvider provider = new WarrenCachingProvider();
    WeakReference<ClassLoader> loader =
        runOnContainerThread(List.of(ClassLoaderLeakTest.class.getName()), provider, kind, close);
    assertCollected(loader);
    provider.close();
  }

  @ParameterizedTest
  @CsvSource({
    "plain, true",
    "expiring, true",
    "listening, true",
    "plain, false",
    "expiring, false"
  })
  void warrenWithinTheApplication_afterwards_isCollected(String kind, boolean close)
      throws Exception {
    assertCollected(
        runOnContainerThread(
            List.of(
                "dev.warren.", "com.esotericsoftware.", "com.github.benmanes.", "org.objenesis."),
            null,
            kind,
            close));
  }

  /** The application is dropped before the thread that its caches started gets a processor. */
  @Test
  void sweeperThread_firstRunsAfterItsLoaderIsClosed_endsQuietly() throws Exception {
    List<Runnable> started = new ArrayList<>();
    try (ApplicationLoader loader =
        new ApplicationLoader(List.of("dev.warren.jcache.internal.expiry."))) {
      Class<?> sweeper = loader.loadClass("dev.warren.jcache.internal.expiry.Sweeper");
      Executor later = started::add;
      sweeper.getMethod("wake").invoke(sweeper.getConstructor(Executor.class).newInstance(later));
    }

    assertThat(started).hasSize(1);
    assertThatCode(started.get(0)::run).doesNotThrowAnyException();
  }

  private WeakReference<ClassLoader> runOnContainerThread(
      List<String> own, @Nullable CachingProvider shared, String kind, boolean close)
      throws Exception {
    return container
        .submit(
            () -> {
              try (ApplicationLoader loader = new ApplicationLoader(own)) {
                Object provider =
                    shared != null
                        ? shared
                        : loader
                            .loadClass("dev.warren.jcache.WarrenCachingProvider")
                            .getConstructor()
                            .newInstance();
                Class<?> application = loader.loadClass(Application.class.getName());
                assertThat(application.getClassLoader()).isSameAs(loader);
                ((Runnable)
                        application
                            .getConstructor(CachingProvider.class, String.class, boolean.class)
                            .newInstance(provider, kind, close))
                    .run();
                return new WeakReference<ClassLoader>(loader);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .get(60, TimeUnit.SECONDS);
  }

  private static void assertCollected(WeakReference<ClassLoader> loader) {
    await("the collector, and idle threads that end after 5 s")
        .atMost(PATIENCE)
        .until(
            () -> {
              System.gc();
              return loader.get() == null;
            });
  }
}
