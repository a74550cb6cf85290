// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.copy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.URI;
import java.net.URL;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Currency;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** JDK types whose instances never change, so that sharing one is as good as a copy. */
final class ImmutableTypes {
  // Exact classes: a subclass of a non-final one (BigDecimal, BigInteger) may be mutable.
  private static final Set<Class<?>> TYPES =
      Set.of(
          String.class,
          Boolean.class,
          Character.class,
          Byte.class,
          Short.class,
          Integer.class,
          Long.class,
          Float.class,
          Double.class,
          BigDecimal.class,
          BigInteger.class,
          MathContext.class,
          UUID.class,
          URI.class,
          URL.class,
          Locale.class,
          Currency.class,
          Inet4Address.class,
          Inet6Address.class,
          Class.class,
          OptionalInt.class,
          OptionalLong.class,
          OptionalDouble.class,
          DayOfWeek.class,
          Duration.class,
          Instant.class,
          LocalDate.class,
          LocalDateTime.class,
          LocalTime.class,
          Month.class,
          MonthDay.class,
          OffsetDateTime.class,
          OffsetTime.class,
          Period.class,
          Year.class,
          YearMonth.class,
          ZonedDateTime.class,
          ZoneOffset.class);

  private ImmutableTypes() {}

  static boolean contains(Class<?> type) {
    // An enum constant with a body has its own class, whose superclass is the enum.
    return TYPES.contains(type) || Enum.class.isAssignableFrom(type);
  }
}
