// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.event;

import dev.warren.jcache.api.WarrenEvent;
import dev.warren.jcache.internal.copy.Copier;
import dev.warren.jcache.internal.operation.EntryChange;
import javax.cache.Cache;
import javax.cache.event.CacheEntryEvent;
import org.jspecify.annotations.Nullable;

/** A change as a listener sees it; hands out copies of the stored key and values. */
final class ListenerEvent<K, V> extends CacheEntryEvent<K, V> implements WarrenEvent {
  private static final long serialVersionUID = 1L;

  private final transient EntryChange<K, V> change;
  private final transient Copier copier;

  ListenerEvent(Cache<K, V> source, EntryChange<K, V> change, Copier copier) {
    super(source, change.type());
    this.change = change;
    this.copier = copier;
  }

  @Override
  public K getKey() {
    return copier.copy(change.key());
  }

  @Override
  public V getValue() {
    return copier.copy(change.value());
  }

  /** Always supplied when there was one, asked for or not. */
  @Override
  public @Nullable V getOldValue() {
    V old = change.oldValue();
    return old == null ? null : copier.copy(old);
  }

  @Override
  public boolean isOldValueAvailable() {
    return change.oldValue() != null;
  }

  @Override
  public boolean isRemote() {
    return change.remote();
  }

  @Override
  public String origin() {
    return change.origin();
  }

  @Override
  public long position() {
    return change.position();
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new IllegalArgumentException("a Warren event is no " + type.getName());
  }
}
