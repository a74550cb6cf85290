// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which classes encoded bytes may name; everything else is refused before it is loaded.
 *
 * <p>Allowed are JDK value types, the cache's own types with what their fields declare
 * (transitively, type arguments included), and the patterns of {@code serialization.allow}. An
 * implementation that a field's declared type does not name must match a pattern.
 */
final class AllowedTypes implements Predicate<String> {

  /** For bytes that do not come from outside. */
  static final AllowedTypes ALL = new AllowedTypes(List.of("**"));

  private static final String SETTING = "warren.serialization.allow";

  /* Concrete JDK types without side effects on being read. Nothing that opens, runs or resolves. */
  private static final Pattern JDK_VALUES =
      Pattern.compile(
          "java\\.lang\\.(Object|String|Boolean|Byte|Short|Character|Integer|Long|Float|Double"
              + "|Number|Enum|Void|StringBuilder|StringBuffer|AbstractStringBuilder"
              + "|StackTraceElement|Throwable|Exception|Error|[A-Z]\\w*(Exception|Error)"
              + "|String\\$CaseInsensitiveComparator)"
              + "|java\\.(util|io|time)\\.[A-Z]\\w*Exception"
              + "|java\\.math\\.(BigDecimal|BigInteger|MathContext|RoundingMode)"
              + "|java\\.time\\.(chrono\\.)?[A-Z]\\w*"
              + "|java\\.time\\.temporal\\.(ChronoUnit|ChronoField)"
              + "|java\\.sql\\.(Date|Time|Timestamp)"
              + "|java\\.net\\.URI"
              + "|java\\.util\\.(UUID|Locale|Currency|Date|Calendar|GregorianCalendar|TimeZone"
              + "|SimpleTimeZone|Optional|OptionalInt|OptionalLong|OptionalDouble|BitSet|ArrayList"
              + "|LinkedList|ArrayDeque|Vector|Stack|HashMap|LinkedHashMap|TreeMap|HashSet"
              + "|LinkedHashSet|TreeSet|PriorityQueue|EnumMap|EnumSet|IdentityHashMap|Hashtable"
              + "|Properties|Map\\$Entry|Collections\\$[\\w$]+|ImmutableCollections\\$\\w+|Arrays\\$ArrayList"
              + "|KeyValueHolder|CollSer|AbstractMap\\$Simple(Immutable)?Entry"
              + "|(Jumbo|Regular)EnumSet|EnumSet\\$SerializationProxy"
              + "|TreeMap\\$\\w*(SubMap|KeySet)|WeakHashMap|Comparators\\$NaturalOrderComparator"
              + "|Abstract(Collection|List|Set|SequentialList|Queue|Map)|Dictionary)"
              + "|java\\.util\\.regex\\.Pattern"
              + "|java\\.util\\.concurrent\\.(TimeUnit|ConcurrentHashMap|ConcurrentSkipListMap"
              + "|ConcurrentSkipListSet|ConcurrentLinkedQueue|ConcurrentLinkedDeque"
              + "|CopyOnWriteArrayList|CopyOnWriteArraySet|(Linked|Array|Priority)Blocking(Queue|Deque)"
              + "|ConcurrentHashMap\\$(KeySetView|CollectionView|Segment))"
              + "|java\\.util\\.concurrent\\.locks\\.(ReentrantLock(\\$\\w+)?"
              + "|Abstract(Queued|Ownable)Synchronizer(\\$ConditionObject)?)"
              + "|java\\.util\\.concurrent\\.atomic\\.Atomic(Integer|Long|Boolean|Reference)(Array)?"
              + "|sun\\.util\\.calendar\\.ZoneInfo");

  private final Set<String> names = new HashSet<>();
  private final List<Pattern> patterns;

  AllowedTypes(List<String> allowPatterns, Class<?>... types) {
    patterns = allowPatterns.stream().map(AllowedTypes::compile).toList();
    for (Class<?> type : types) {
      addType(type, new HashSet<>());
    }
  }

  /** Whether a class of this binary name may be read; of an array its component counts. */
  @Override
  public boolean test(String name) {
    String component = componentOf(name);
    return component.isEmpty()
        || names.contains(component)
        || JDK_VALUES.matcher(component).matches()
        || patterns.stream().anyMatch(p -> p.matcher(component).matches());
  }

  void check(String name) {
    if (!test(name)) {
      throw new CodecException(
          CodecException.Reason.NOT_ALLOWED,
          "Class "
              + componentOf(name)
              + " is not allowed in cached keys and values: add it to "
              + SETTING
              + ", or declare it as the cache's key or value type",
          null);
    }
  }

  /* "[[Lcom.acme.Order;" is com.acme.Order; arrays of primitives and primitives are empty. */
  private static String componentOf(String name) {
    int depth = 0;
    while (depth < name.length() && name.charAt(depth) == '[') {
      depth++;
    }
    if (depth == 0) {
      return name;
    }
    boolean object = name.endsWith(";") && name.length() > depth + 2 && name.charAt(depth) == 'L';
    return object ? name.substring(depth + 1, name.length() - 1) : "";
  }

  /* com.acme.* is one package (and classes nested in its classes), com.acme.** any depth. */
  private static Pattern compile(String pattern) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c != '*') {
        regex.append(Pattern.quote(String.valueOf(c)));
      } else if (i + 1 < pattern.length() && pattern.charAt(i + 1) == '*') {
        regex.append(".*");
        i++;
      } else {
        regex.append("[^.]*");
      }
    }
    return Pattern.compile(regex.toString());
  }

  private void addType(Type type, Set<Type> seen) {
    if (!seen.add(type)) {
      return;
    }
    if (type instanceof ParameterizedType parameterized) {
      addType(parameterized.getRawType(), seen);
      addAll(parameterized.getActualTypeArguments(), seen);
    } else if (type instanceof GenericArrayType array) {
      addType(array.getGenericComponentType(), seen);
    } else if (type instanceof WildcardType wildcard) {
      addAll(wildcard.getUpperBounds(), seen);
      addAll(wildcard.getLowerBounds(), seen);
    } else if (type instanceof TypeVariable<?> variable) {
      addAll(variable.getBounds(), seen);
    } else if (type instanceof Class<?> declared) {
      addClass(declared, seen);
    }
  }

  private void addAll(Type[] types, Set<Type> seen) {
    for (Type type : types) {
      addType(type, seen);
    }
  }

  private void addClass(Class<?> type, Set<Type> seen) {
    if (type.isArray()) {
      addType(type.getComponentType(), seen);
      return;
    }
    if (type.isPrimitive() || type == Object.class) {
      return;
    }
    names.add(type.getName());
    if (JdkTypes.isJdk(type)) {
      return;
    }
    if (type.getGenericSuperclass() != null) {
      addType(type.getGenericSuperclass(), seen);
    }
    if (type.isSealed()) {
      addAll(type.getPermittedSubclasses(), seen);
    }
    if (type.isRecord()) {
      for (RecordComponent component : type.getRecordComponents()) {
        addType(component.getGenericType(), seen);
      }
      return;
    }
    for (Field field : type.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        addType(field.getGenericType(), seen);
      }
    }
  }
}
