// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Serializer;
import java.net.URI;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The classes of the JDK that need no Java serialization, each with its serializer. */
@SuppressWarnings("JdkObsolete") // users cache such things
final class JdkSerializers {

  private static final float HASH_SET_SLOTS = 1 / 0.75f;

  private JdkSerializers() {}

  /** Made before their contents, which may refer to them; null for all other classes. */
  static @Nullable Serializer<?> early(Class<?> type) {
    return EARLY.get(type);
  }

  /** Made from their contents; null for all other classes. */
  static @Nullable Serializer<?> late(Class<?> type) {
    Serializer<?> serializer = LATE.get(type);
    if (serializer != null) {
      return serializer;
    }
    if (type.getName().startsWith("java.util.ImmutableCollections$")) {
      return ImmutableCollectionSerializer.of(type);
    }
    return type.getEnclosingClass() == java.util.Collections.class
        ? CollectionsWrapper.of(type.getSimpleName())
        : null;
  }

  private static final Map<Class<?>, Serializer<?>> EARLY =
      Map.ofEntries(
          collection(ArrayList.class, ArrayList::new),
          collection(LinkedList.class, size -> new LinkedList<>()),
          collection(ArrayDeque.class, ArrayDeque::new),
          collection(CopyOnWriteArrayList.class, size -> new CopyOnWriteArrayList<>()),
          collection(HashSet.class, size -> new HashSet<>((int) (size * HASH_SET_SLOTS))),
          collection(
              LinkedHashSet.class, size -> new LinkedHashSet<>((int) (size * HASH_SET_SLOTS))),
          Map.entry(
              TreeSet.class,
              new CollectionContents(
                  (size, order) -> new TreeSet<>(order), c -> orderOf((SortedSet<?>) c))),
          Map.entry(
              PriorityQueue.class,
              new CollectionContents(
                  (size, order) -> new PriorityQueue<>(size + 1, order),
                  c -> unchecked(((PriorityQueue<?>) c).comparator()))),
          Map.entry(
              HashMap.class,
              MapContents.of(
                  s -> s.size() == 0 ? new HashMap<>() : new HashMap<>(s.hashCapacity()))),
          Map.entry(
              LinkedHashMap.class,
              MapContents.linked(
                  s ->
                      s.size() == 0 && !s.byAccess()
                          ? new LinkedHashMap<>()
                          : new LinkedHashMap<>(s.hashCapacity(), 0.75f, s.byAccess()))),
          Map.entry(TreeMap.class, MapContents.sorted(s -> new TreeMap<>(s.order()))),
          Map.entry(WeakHashMap.class, MapContents.of(s -> new WeakHashMap<>())),
          Map.entry(
              ConcurrentHashMap.class,
              MapContents.of(
                  s ->
                      s.size() == 0
                          ? new ConcurrentHashMap<>()
                          : new ConcurrentHashMap<>(s.size()))));

  private static final Map<Class<?>, Serializer<?>> LATE =
      Map.of(
          Arrays.asList().getClass(),
          wrap((List<Object> l) -> l.toArray(), (@Nullable Object[] a) -> Arrays.asList(a)),
          Optional.class,
          wrap((Optional<Object> o) -> o.orElse(null), Optional::ofNullable),
          Map.entry(1, 1).getClass(),
          wrap(
              (Map.Entry<Object, Object> e) -> new Object[] {e.getKey(), e.getValue()},
              (Object[] a) -> Map.entry(a[0], a[1])),
          UUID.class,
          wrap(UUID::toString, (String s) -> UUID.fromString(s)),
          Locale.class,
          wrap(JdkSerializers::plainLocale, JdkSerializers::localeOf),
          URI.class,
          wrap(URI::toString, (String s) -> URI.create(s)),
          ZonedDateTime.class,
          wrap(
              (ZonedDateTime t) -> new Object[] {t.toLocalDateTime(), t.getOffset(), t.getZone()},
              (Object[] a) ->
                  ZonedDateTime.ofLocal((LocalDateTime) a[0], (ZoneId) a[2], (ZoneOffset) a[1])));

  private static Map.Entry<Class<?>, Serializer<?>> collection(
      Class<?> type, Function<Integer, Collection<Object>> create) {
    return Map.entry(type, new CollectionContents((size, order) -> create.apply(size), null));
  }

  /* Those that a language tag cannot hold were made of three parts, which nothing checked. */
  private static Object plainLocale(Locale locale) {
    String tag = locale.toLanguageTag();
    return Locale.forLanguageTag(tag).equals(locale)
        ? tag
        : new String[] {locale.getLanguage(), locale.getCountry(), locale.getVariant()};
  }

  @SuppressWarnings("deprecation") // Locale.of is not there on 17
  private static Locale localeOf(Object plain) {
    return plain instanceof String[] parts
        ? new Locale(parts[0], parts[1], parts[2])
        : Locale.forLanguageTag((String) plain);
  }

  private static @Nullable Comparator<Object> orderOf(SortedSet<?> set) {
    return unchecked(set.comparator());
  }

  @SuppressWarnings("unchecked")
  private static @Nullable Comparator<Object> unchecked(@Nullable Comparator<?> comparator) {
    return (Comparator<Object>) comparator;
  }

  @SuppressWarnings("unchecked")
  private static <A, B> Serializer<A> wrap(
      Function<A, @Nullable B> toPlain, Function<B, ? extends A> from) {
    return new WrapperSerializer<>(toPlain::apply, plain -> from.apply((B) plain));
  }
}
