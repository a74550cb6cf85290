// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.processor.EntryProcessorException;
import javax.cache.processor.MutableEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InvokeTest {
  private final Caches caches = new Caches();
  private final Cache<String, String> cache =
      caches.manager.createCache("invoke", new MutableConfiguration<>());

  @AfterEach
  void close() {
    caches.close();
  }

  @Test
  void unwrap_ofAProcessorsEntry_givesItselfOrRefuses() {
    boolean same =
        cache.invoke("k", (entry, args) -> entry.unwrap(MutableEntry.class).equals(entry));
    assertThat(same).isTrue();
    assertThatThrownBy(() -> cache.invoke("k", (entry, args) -> entry.unwrap(Integer.class)))
        .isInstanceOf(EntryProcessorException.class)
        .cause()
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Integer");
  }

  @Test
  void invoke_processorThrowsItsOwnKind_isPassedAsItIs() {
    EntryProcessorException own = new EntryProcessorException("own");
    assertThatThrownBy(
            () ->
                cache.invoke(
                    "k",
                    (entry, args) -> {
                      throw own;
                    }))
        .isSameAs(own);
  }

  @Test
  void invoke_argumentsAndKey_reachTheProcessor() {
    String seen = cache.invoke("k", (entry, args) -> entry.getKey() + args[0] + args[1], 1, "two");
    assertThat(seen).isEqualTo("k1two");
  }

  /** Set, taken back and set again: what counts is the last. */
  @Test
  void invoke_setRemovedAndSetAgain_isSet() {
    cache.invoke(
        "k",
        (entry, args) -> {
          entry.setValue("first");
          entry.remove();
          entry.remove();
          assertThat(entry.exists()).isFalse();
          entry.setValue("second");
          assertThat(entry.getValue()).isEqualTo("second");
          return null;
        });
    assertThat(cache.get("k")).isEqualTo("second");
  }
}
