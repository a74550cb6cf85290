// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.SerializerFactory.CompatibleFieldSerializerFactory;
import com.esotericsoftware.kryo.serializers.CollectionSerializer;
import com.esotericsoftware.kryo.serializers.MapSerializer;
import com.esotericsoftware.kryo.util.DefaultInstantiatorStrategy;
import com.esotericsoftware.kryo.util.MapReferenceResolver;
import java.io.Serializable;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.objenesis.strategy.StdInstantiatorStrategy;

/**
 * Kryo with a serializer for every class, chosen in this order: Java serialization for the user's
 * classes with hooks of their own; records by component; what Kryo cannot create of the JDK by
 * {@link WrapperSerializer}; Kryo's own; fields by name for the user's classes; Java serialization
 * for what is left of the JDK (its fields are closed to reflection).
 */
final class WarrenKryo extends Kryo {

  private final AllowedTypes allowed;
  private final ClassLoader loader;

  WarrenKryo(AllowedTypes allowed, ClassLoader loader, boolean keys) {
    super(new WarrenClassResolver(allowed, loader, keys), keys ? null : new MapReferenceResolver());
    this.allowed = allowed;
    this.loader = loader;
    setClassLoader(loader);
    setRegistrationRequired(false);
    setInstantiatorStrategy(new DefaultInstantiatorStrategy(new StdInstantiatorStrategy()));
    setDefaultSerializer(new CompatibleFieldSerializerFactory());
    addDefaultSerializer(
        UUID.class, new WrapperSerializer<UUID>(UUID::toString, s -> UUID.fromString((String) s)));
    addDefaultSerializer(
        URI.class, new WrapperSerializer<URI>(URI::toString, s -> URI.create((String) s)));
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Serializer getDefaultSerializer(Class type) {
    if (JdkTypes.hasJavaHooks(type)) {
      return new JavaStreamSerializer(allowed, loader);
    }
    if (type.isRecord()) {
      return new RecordFieldsSerializer(type);
    }
    Serializer<?> wrapper = JdkTypes.isJdk(type) ? wrapper(type) : null;
    return wrapper != null ? wrapper : super.getDefaultSerializer(type);
  }

  @Override
  @SuppressWarnings("rawtypes")
  protected Serializer newDefaultSerializer(Class type) {
    boolean closed = JdkTypes.isJdk(type) && type != Object.class;
    return closed && Serializable.class.isAssignableFrom(type)
        ? new JavaStreamSerializer(allowed, loader)
        : super.newDefaultSerializer(type);
  }

  /* Collections and maps of the JDK that have no public constructor, by what their name says. */
  private @Nullable Serializer<?> wrapper(Class<?> type) {
    String name = type.getSimpleName();
    if (Throwable.class.isAssignableFrom(type) || type == Pattern.class) {
      return new JavaStreamSerializer(allowed, loader);
    }
    if (type == EnumMap.class) {
      return new EnumMapSerializer(allowed, loader);
    }
    if (Map.Entry.class.isAssignableFrom(type) && type.getSimpleName().equals("KeyValueHolder")) {
      return wrap(
          (Map.Entry<Object, Object> e) -> new ArrayList<>(List.of(e.getKey(), e.getValue())),
          (List<Object> l) -> Map.entry(l.get(0), l.get(1)));
    }
    boolean map = Map.class.isAssignableFrom(type);
    boolean collection = Collection.class.isAssignableFrom(type);
    boolean closed = !Modifier.isPublic(type.getModifiers());
    if (!closed || !(map || collection)) {
      return null;
    }
    Serializer<?> known = super.getDefaultSerializer(type);
    boolean generic =
        known.getClass() == CollectionSerializer.class || known.getClass() == MapSerializer.class;
    if (!generic) {
      return null;
    }
    boolean unmodifiable = name.startsWith("Unmodifiable");
    boolean synchronised = name.startsWith("Synchronized");
    return map
        ? mapWrapper(type, unmodifiable, synchronised)
        : collectionWrapper(type, unmodifiable, synchronised);
  }

  private static Serializer<?> mapWrapper(Class<?> type, boolean unmodifiable, boolean locked) {
    if (SortedMap.class.isAssignableFrom(type)) {
      return wrap(
          (SortedMap<Object, Object> m) -> new TreeMap<>(m),
          (TreeMap<Object, Object> m) ->
              unmodifiable
                  ? Collections.unmodifiableSortedMap(m)
                  : locked ? Collections.synchronizedSortedMap(m) : m);
    }
    return wrap(
        (Map<Object, Object> m) -> new LinkedHashMap<>(m),
        (Map<Object, Object> m) ->
            unmodifiable
                ? Collections.unmodifiableMap(m)
                : locked ? Collections.synchronizedMap(m) : m);
  }

  private static Serializer<?> collectionWrapper(
      Class<?> type, boolean unmodifiable, boolean locked) {
    if (SortedSet.class.isAssignableFrom(type)) {
      return wrap(
          (SortedSet<Object> s) -> new TreeSet<>(s),
          (TreeSet<Object> s) ->
              unmodifiable
                  ? Collections.unmodifiableSortedSet(s)
                  : locked ? Collections.synchronizedSortedSet(s) : s);
    }
    if (Set.class.isAssignableFrom(type)) {
      return wrap(
          (Set<Object> s) -> new LinkedHashSet<>(s),
          (Set<Object> s) ->
              unmodifiable
                  ? Collections.unmodifiableSet(s)
                  : locked ? Collections.synchronizedSet(s) : s);
    }
    if (List.class.isAssignableFrom(type)) {
      return wrap(
          (List<Object> l) -> new ArrayList<>(l),
          (List<Object> l) ->
              unmodifiable
                  ? Collections.unmodifiableList(l)
                  : locked ? Collections.synchronizedList(l) : l);
    }
    return wrap(
        (Collection<Object> c) -> new ArrayList<>(c),
        (Collection<Object> c) ->
            unmodifiable
                ? Collections.unmodifiableCollection(c)
                : locked ? Collections.synchronizedCollection(c) : c);
  }

  @SuppressWarnings("unchecked")
  private static <A, B> Serializer<A> wrap(Function<A, B> toPlain, Function<B, ? extends A> from) {
    return new WrapperSerializer<>(toPlain::apply, plain -> from.apply((B) plain));
  }
}
