// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What {@code Collections.unmodifiable…} and {@code synchronized…} make: carried as the collection
 * behind, whose kind decides what the wrapper finds and in which order.
 *
 * <p>A wrapper does not hand out the collection behind, but writes it by Java serialization as the
 * first object after itself, which costs nothing if nothing is written then. Synchronized ones do
 * so under their own lock, under which they are copied too.
 */
@SuppressWarnings({"rawtypes", "unchecked"})
final class CollectionsWrapper extends Serializer<Object> {

  private static final Map<String, UnaryOperator<Object>> WRAP =
      Map.ofEntries(
          Map.entry(
              "UnmodifiableCollection", c -> Collections.unmodifiableCollection((Collection) c)),
          Map.entry("UnmodifiableList", c -> Collections.unmodifiableList((List) c)),
          Map.entry("UnmodifiableRandomAccessList", c -> Collections.unmodifiableList((List) c)),
          Map.entry("UnmodifiableSet", c -> Collections.unmodifiableSet((Set) c)),
          Map.entry("UnmodifiableSortedSet", c -> Collections.unmodifiableSortedSet((SortedSet) c)),
          Map.entry(
              "UnmodifiableNavigableSet",
              c -> Collections.unmodifiableNavigableSet((NavigableSet) c)),
          Map.entry("UnmodifiableMap", c -> Collections.unmodifiableMap((Map) c)),
          Map.entry("UnmodifiableSortedMap", c -> Collections.unmodifiableSortedMap((SortedMap) c)),
          Map.entry(
              "UnmodifiableNavigableMap",
              c -> Collections.unmodifiableNavigableMap((NavigableMap) c)),
          Map.entry(
              "SynchronizedCollection", c -> Collections.synchronizedCollection((Collection) c)),
          Map.entry("SynchronizedList", c -> Collections.synchronizedList((List) c)),
          Map.entry("SynchronizedRandomAccessList", c -> Collections.synchronizedList((List) c)),
          Map.entry("SynchronizedSet", c -> Collections.synchronizedSet((Set) c)),
          Map.entry("SynchronizedSortedSet", c -> Collections.synchronizedSortedSet((SortedSet) c)),
          Map.entry(
              "SynchronizedNavigableSet",
              c -> Collections.synchronizedNavigableSet((NavigableSet) c)),
          Map.entry("SynchronizedMap", c -> Collections.synchronizedMap((Map) c)),
          Map.entry("SynchronizedSortedMap", c -> Collections.synchronizedSortedMap((SortedMap) c)),
          Map.entry(
              "SynchronizedNavigableMap",
              c -> Collections.synchronizedNavigableMap((NavigableMap) c)));

  private final UnaryOperator<Object> wrap;

  private CollectionsWrapper(UnaryOperator<Object> wrap) {
    this.wrap = wrap;
  }

  static @Nullable Serializer<?> of(String simpleName) {
    UnaryOperator<Object> wrap = WRAP.get(simpleName);
    return wrap == null ? null : new CollectionsWrapper(wrap);
  }

  @Override
  public void write(Kryo kryo, Output output, Object object) {
    synchronized (object) {
      kryo.writeClassAndObject(output, Behind.of(object));
    }
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    return wrap.apply(kryo.readClassAndObject(input));
  }

  @Override
  public Object copy(Kryo kryo, Object original) {
    synchronized (original) {
      return wrap.apply(kryo.copy(Behind.of(original)));
    }
  }

  private static final class Behind extends ObjectOutputStream {
    private boolean atRoot = true;
    private @Nullable Object found;

    private Behind() throws IOException {
      super(OutputStream.nullOutputStream());
      enableReplaceObject(true);
    }

    static Object of(Object wrapper) {
      try (Behind out = new Behind()) {
        out.writeObject(wrapper);
        if (out.found != null) {
          return out.found;
        }
      } catch (IOException e) {
        throw new KryoException(e);
      }
      throw new KryoException("nothing behind a " + wrapper.getClass().getName());
    }

    @Override
    protected @Nullable Object replaceObject(Object object) {
      if (atRoot) { // the wrapper, or what it writes instead of itself
        atRoot = false;
        return object;
      }
      if (found == null) {
        found = object;
      }
      return null;
    }
  }
}
