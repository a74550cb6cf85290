// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoCopyable;
import com.esotericsoftware.kryo.KryoSerializable;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.EnumNameSerializer;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URL;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.BitSet;
import java.util.Collections;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Kryo with a serializer for every class, chosen in this order.
 *
 * <ol>
 *   <li>arrays and enums (by name): their own
 *   <li>classes of the user: Java serialization if they have hooks for it, records by component,
 *       all others by field
 *   <li>classes of the JDK: those of {@link JdkSerializers}; those that Kryo does exactly; Java
 *       serialization for what is left, since its fields are closed to reflection; none for what is
 *       not serializable
 * </ol>
 */
@SuppressWarnings({"rawtypes", "unchecked"})
final class WarrenKryo extends Kryo {

  /* Stacks hold several times as many levels. */
  private static final int MAX_DEPTH = 1_000;

  private static final Set<Class<?>> EXACT_IN_KRYO =
      Set.of(
          BigInteger.class,
          BigDecimal.class,
          Class.class,
          Currency.class,
          StringBuffer.class,
          StringBuilder.class,
          URL.class,
          BitSet.class,
          OptionalInt.class,
          OptionalLong.class,
          OptionalDouble.class,
          Duration.class,
          Instant.class,
          LocalDate.class,
          LocalTime.class,
          LocalDateTime.class,
          OffsetTime.class,
          OffsetDateTime.class,
          Year.class,
          YearMonth.class,
          MonthDay.class,
          Period.class,
          Collections.emptyList().getClass(),
          Collections.emptyMap().getClass(),
          Collections.emptySet().getClass());

  private static final Set<Class<?>> SINGLETONS =
      Set.of(
          Collections.singletonList(1).getClass(),
          Collections.singletonMap(1, 1).getClass(),
          Collections.singleton(1).getClass());

  private final AllowedTypes allowed;
  private final ClassLoader loader;
  private final GraphReferences graph;
  private final Set<Class<?>> shared;
  private @Nullable CopyGraph copying;
  private @Nullable Object unnoted;

  private WarrenKryo(
      AllowedTypes allowed,
      ClassLoader loader,
      boolean keys,
      GraphReferences graph,
      Set<Class<?>> shared) {
    super(new WarrenClassResolver(allowed, loader, keys), keys ? null : graph);
    this.allowed = allowed;
    this.loader = loader;
    this.graph = graph;
    this.shared = shared;
    setClassLoader(loader);
    setRegistrationRequired(false);
    setInstantiatorStrategy(new Instantiators());
    setOptimizedGenerics(false);
    setMaxDepth(MAX_DEPTH);
    register(JavaStreamed.class, javaStream());
  }

  /** For encoding and decoding. */
  static WarrenKryo codec(AllowedTypes allowed, ClassLoader loader, boolean keys) {
    return new WarrenKryo(allowed, loader, keys, new GraphReferences(), Set.of());
  }

  /**
   * For copies in memory.
   *
   * @param shared classes whose instances are not copied
   */
  static WarrenKryo copier(ClassLoader loader, Set<Class<?>> shared) {
    return new WarrenKryo(AllowedTypes.ALL, loader, false, new GraphReferences(), shared);
  }

  GraphReferences graph() {
    return graph;
  }

  /** Whose objects are copied from now on; null if none are. */
  void copying(@Nullable CopyGraph copy) {
    copying = copy;
  }

  CopyGraph copying() {
    if (copying == null) {
      throw new IllegalStateException("nothing is being copied");
    }
    return copying;
  }

  /** Copies an object that was not met before by its serializer. */
  Object copyAlone(Object original) {
    return copyAlone(original, getSerializer(original.getClass()));
  }

  /* A serializer notes the copy before it copies contents, or leaves it to us. */
  private Object copyAlone(Object original, Serializer serializer) {
    Object outer = unnoted;
    unnoted = original;
    try {
      Object copy =
          original instanceof KryoCopyable<?> copyable
              ? copyable.copy(this)
              : serializer.copy(this, original);
      reference(copy);
      return copy;
    } finally {
      unnoted = outer;
    }
  }

  @Override
  public void reference(Object object) {
    if (copying == null) {
      super.reference(object);
    } else if (unnoted != null) {
      copying.note(unnoted, object);
      unnoted = null;
    }
  }

  @Override
  public <T> @Nullable T copy(@Nullable T object) {
    return (T) copying().copy(object);
  }

  @Override
  public <T> @Nullable T copy(@Nullable T object, Serializer serializer) {
    return object == null || copying().isShallow() ? object : made(object, serializer);
  }

  @Override
  public <T> @Nullable T copyShallow(@Nullable T object) {
    return object == null ? null : copyShallow(object, getSerializer(object.getClass()));
  }

  @Override
  public <T> @Nullable T copyShallow(@Nullable T object, Serializer serializer) {
    boolean before = copying().shallow(true);
    try {
      return object == null ? null : made(object, serializer);
    } finally {
      copying().shallow(before);
    }
  }

  private <T> T made(T object, Serializer serializer) {
    return (T) copying().made((graph, original) -> copyAlone(original, serializer), object);
  }

  /** Whether an object found within a Java stream is better carried by Kryo. */
  boolean carries(Object object) {
    Class<?> type = object.getClass();
    if (object instanceof String || object instanceof Class || object instanceof Enum) {
      return false;
    }
    if (type.isArray()) {
      Class<?> element = JdkTypes.elementOf(type);
      return element.isPrimitive() || element == Object.class || !JdkTypes.isJdk(element);
    }
    return !JdkTypes.isJdk(type) || !LateSerializer.isJavaStream(getSerializer(type));
  }

  @Override
  public void writeClassAndObject(Output output, @Nullable Object object) {
    int id = graph.begin();
    long before = graph.visits();
    super.writeClassAndObject(output, object);
    graph.end(id, before);
  }

  @Override
  public Object readClassAndObject(Input input) {
    int id = graph.begin();
    long before = graph.visits();
    Object object = super.readClassAndObject(input);
    graph.end(id, before);
    return object;
  }

  @Override
  public Registration getRegistration(Class type) {
    Registration known = getClassResolver().getRegistration(type);
    if (known != null) {
      return known;
    }
    Class<?> plain = JdkTypes.plainOf(type);
    if (plain != null) {
      return getRegistration(plain);
    }
    return JdkTypes.isLambdaOrProxy(type)
        ? getClassResolver().registerImplicit(type)
        : super.getRegistration(type);
  }

  @Override
  public Serializer getDefaultSerializer(Class type) {
    if (shared.contains(type)) {
      return new SharedSerializer();
    }
    if (type.isArray()) {
      return JdkTypes.elementOf(type).isPrimitive() && type.getComponentType().isPrimitive()
          ? super.getDefaultSerializer(type)
          : new ObjectArraySerializer(type);
    }
    if (type.isPrimitive() || type == JavaStreamed.class) {
      return super.getDefaultSerializer(type);
    }
    if (Enum.class.isAssignableFrom(type) && type != Enum.class) {
      return new EnumNameSerializer(JdkTypes.withoutBody(type).asSubclass(Enum.class));
    }
    return JdkTypes.isJdk(type) && !JdkTypes.isLambdaOrProxy(type) ? ofJdk(type) : ofUser(type);
  }

  private Serializer<?> ofUser(Class<?> type) {
    if (JdkTypes.isLambdaOrProxy(type) || JdkTypes.hasJavaHooks(type)) {
      return javaStream();
    }
    if (KryoSerializable.class.isAssignableFrom(type)
        || type.isAnnotationPresent(DefaultSerializer.class)) {
      return super.getDefaultSerializer(type);
    }
    return type.isRecord() ? late(new RecordFieldsSerializer(type)) : new FieldsSerializer(type);
  }

  private Serializer<?> ofJdk(Class<?> type) {
    Serializer<?> early = JdkSerializers.early(type);
    if (early != null) {
      return early;
    }
    if (type == EnumMap.class) {
      return new EnumMapSerializer(allowed, loader);
    }
    if (EnumSet.class.isAssignableFrom(type)) {
      return new EnumSetSerializer(allowed, loader);
    }
    Serializer<?> late = JdkSerializers.late(type);
    if (late != null) {
      return late(late);
    }
    if (Date.class.isAssignableFrom(type)) {
      return new DateSerializer();
    }
    boolean exact =
        EXACT_IN_KRYO.contains(type)
            || ZoneId.class.isAssignableFrom(type)
            || Charset.class.isAssignableFrom(type);
    if (exact) {
      return super.getDefaultSerializer(type);
    }
    if (SINGLETONS.contains(type)) {
      return late(super.getDefaultSerializer(type));
    }
    if (type == Object.class) {
      return new ObjectSerializer();
    }
    if (Serializable.class.isAssignableFrom(type)) {
      return javaStream();
    }
    throw CodecException.unsuitable(type, "the JDK neither serializes it nor opens its fields");
  }

  private Serializer<?> javaStream() {
    return late(new JavaStreamSerializer(allowed, loader));
  }

  private <T> Serializer<T> late(Serializer<T> serializer) {
    return new LateSerializer<>(serializer, graph);
  }
}
