// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.URI;
import java.net.URL;
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
import java.time.ZonedDateTime;
import java.time.chrono.HijrahDate;
import java.time.chrono.JapaneseDate;
import java.time.chrono.MinguoDate;
import java.time.chrono.ThaiBuddhistDate;
import java.util.Currency;
import java.util.HashSet;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Types whose instances never change, so that sharing one is as good as a copy.
 *
 * <p>Classes count exactly: a subclass of a non-final one ({@link BigDecimal}) may be mutable. A
 * record counts if every component's declared type is primitive, or final and immutable itself;
 * lambdas count if they capture nothing.
 */
final class Immutables {

  private static final Set<Class<?>> TYPES =
      Set.of(
          String.class,
          Boolean.class,
          Byte.class,
          Short.class,
          Character.class,
          Integer.class,
          Long.class,
          Float.class,
          Double.class,
          BigInteger.class,
          BigDecimal.class,
          MathContext.class,
          UUID.class,
          URI.class,
          URL.class,
          Locale.class,
          Currency.class,
          Pattern.class,
          Class.class,
          Inet4Address.class,
          Inet6Address.class,
          OptionalInt.class,
          OptionalLong.class,
          OptionalDouble.class,
          Duration.class,
          Instant.class,
          LocalDate.class,
          LocalDateTime.class,
          LocalTime.class,
          MonthDay.class,
          OffsetDateTime.class,
          OffsetTime.class,
          Period.class,
          Year.class,
          YearMonth.class,
          ZonedDateTime.class,
          HijrahDate.class,
          JapaneseDate.class,
          MinguoDate.class,
          ThaiBuddhistDate.class);

  private static final ClassValue<Boolean> SHARED =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return compute(type, new HashSet<>());
        }
      };

  private Immutables() {}

  /**
   * Whether an instance of exactly this class may be shared instead of copied. Allocates nothing.
   */
  static boolean contains(Class<?> type) {
    return SHARED.get(type);
  }

  private static boolean compute(Class<?> type, Set<Class<?>> open) {
    if (TYPES.contains(type) || (Enum.class.isAssignableFrom(type) && type != Enum.class)) {
      return true;
    }
    if (type.isHidden()) {
      return type.getDeclaredFields().length == 0 && type.getSuperclass() == Object.class;
    }
    if (JdkTypes.isJdk(type)) {
      return ZoneId.class.isAssignableFrom(type) && type != ZoneId.class;
    }
    if (!type.isRecord() || JdkTypes.hasJavaHooks(type)) {
      return false;
    }
    if (open.add(type)) {
      for (RecordComponent component : type.getRecordComponents()) {
        if (!staysSame(component.getType(), open)) {
          return false;
        }
      }
    }
    return true;
  }

  /* What a component is declared as; a type met again (a record of itself) is judged where it was met first. */
  private static boolean staysSame(Class<?> declared, Set<Class<?>> open) {
    if (declared.isPrimitive()) {
      return true;
    }
    boolean exact =
        Modifier.isFinal(declared.getModifiers())
            || declared.isEnum()
            || declared == ZoneId.class; // sealed in effect: its constructor is not public
    return exact && (declared == ZoneId.class || compute(declared, open));
  }
}
