// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import static dev.warren.sync.codec.FidelityRow.row;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
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
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.chrono.JapaneseDate;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Currency;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SimpleTimeZone;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/** Values of the JDK, collections apart. */
@SuppressWarnings({
  "JavaUtilDate",
  "JdkObsolete",
  "UnnecessaryStringBuilder",
  "deprecation"
}) // users cache such things
final class JdkRows {

  private JdkRows() {}

  static List<FidelityRow> all() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    return List.of(
        row("String", () -> "text ä \ud83d\ude00"),
        row("String with a lone surrogate", () -> "\ud800"),
        row("Boolean", () -> true),
        row("Byte", () -> (byte) -4),
        row("Short", () -> (short) -3),
        row("Character", () -> 'ß'),
        row("Integer", () -> Integer.MIN_VALUE),
        row("Long", () -> Long.MIN_VALUE),
        row("Float", () -> Float.NaN),
        row("Double", () -> -0.0d),
        row("BigDecimal", () -> new BigDecimal("12.3400")),
        row("BigDecimal, large", () -> new BigDecimal(BigInteger.TEN.pow(40), -7)),
        row("BigInteger", () -> BigInteger.TEN.pow(40).negate()),
        row("UUID", () -> new UUID(1, 2)),
        row("URI", () -> URI.create("http://localhost/x?y#z")),
        row("URL", () -> new URL("http://localhost/x?y#z")).allowing("java.net.URL"),
        row("Locale", () -> Locale.GERMANY),
        row("Locale with script and extension", () -> Locale.forLanguageTag("zh-Hant-TW-u-ca-roc")),
        row("Locale that no language tag holds", () -> new Locale("xx", "YY", "no_tag!")),
        row("Currency", () -> Currency.getInstance("EUR")),
        row("Pattern", () -> Pattern.compile("a.c", Pattern.DOTALL)),
        row("BitSet", () -> BitSet.valueOf(new long[] {5, 7})),
        row("StringBuilder", () -> new StringBuilder("abc")).byDescription(),
        row("StringBuffer", () -> new StringBuffer("abc")),
        row("AtomicInteger", () -> new AtomicInteger(3)),
        row("AtomicLong", () -> new AtomicLong(3)),
        row("AtomicBoolean", () -> new AtomicBoolean(true)),
        row("AtomicIntegerArray", () -> new AtomicIntegerArray(new int[] {1, 2})),
        row("AtomicReference", () -> new AtomicReference<>(CollectionRows.list("a"))),
        row("Optional", () -> Optional.of("x")),
        row("Optional of what is mutable", () -> Optional.of(CollectionRows.list("a"))),
        row("Optional, empty", Optional::empty),
        row("OptionalInt", () -> OptionalInt.of(1)),
        row("OptionalLong", () -> OptionalLong.of(1)),
        row("OptionalDouble", () -> OptionalDouble.of(1)),
        row("enum of the JDK", () -> TimeUnit.DAYS),
        row("Object", () -> new Object[] {new Object()}).differing("refused"),
        row("Class", () -> Samples.Point.class).allowing("java.lang.Class"),
        row("Charset", () -> new Object[] {StandardCharsets.UTF_8})
            .allowing("sun.nio.cs.UTF_8")
            .differing("refused"),
        // time
        row("Instant", () -> Instant.ofEpochSecond(5, 999_999_999)),
        row("Instant, first", () -> Instant.MIN),
        row("Duration", () -> Duration.ofSeconds(-1, 999_999_999)),
        row("Period", () -> Period.of(1, -2, 3)),
        row("LocalDate", () -> LocalDate.of(2024, 2, 29)),
        row("LocalTime", () -> LocalTime.of(1, 2, 3, 999_999_999)),
        row("LocalDateTime", () -> LocalDateTime.of(2024, 1, 1, 1, 1)),
        row("OffsetTime", () -> OffsetTime.of(1, 2, 3, 4, ZoneOffset.ofHours(-3))),
        row("OffsetDateTime", () -> OffsetDateTime.of(2024, 1, 1, 1, 1, 1, 1, ZoneOffset.UTC)),
        row("ZonedDateTime", () -> ZonedDateTime.of(2024, 1, 1, 1, 1, 1, 1, berlin)),
        row(
            "ZonedDateTime in the hour that comes twice",
            () -> ZonedDateTime.of(2024, 10, 27, 2, 30, 0, 0, berlin).withLaterOffsetAtOverlap()),
        row("ZoneId", () -> berlin),
        row("ZoneOffset", () -> ZoneOffset.ofHoursMinutes(5, 30)),
        row("Year", () -> Year.of(-3)),
        row("YearMonth", () -> YearMonth.of(-3, 4)),
        row("MonthDay", () -> MonthDay.of(2, 29)),
        row("DayOfWeek", () -> DayOfWeek.FRIDAY),
        row("Month", () -> Month.MAY),
        row("JapaneseDate", () -> JapaneseDate.of(2020, 5, 1)),
        row("Date", () -> new Date(-5)),
        row("java.sql.Date", () -> new java.sql.Date(86_400_000L)),
        row("java.sql.Time", () -> new java.sql.Time(7)),
        row("java.sql.Timestamp", () -> timestamp(-1_234_567L, 123_456_789)),
        row("GregorianCalendar", () -> calendar("Europe/Berlin")),
        row("TimeZone", () -> TimeZone.getTimeZone("Asia/Tokyo")),
        row(
            "SimpleTimeZone",
            () -> new SimpleTimeZone(7_200_000, "X", 2, -1, 1, 7200000, 9, -1, 1, 1)),
        // arrays
        row("boolean[]", () -> new boolean[] {true, false}),
        row("byte[]", () -> new byte[] {1, -2}),
        row("short[]", () -> new short[] {1, -2}),
        row("char[]", () -> new char[] {'a', '\uffff'}),
        row("int[]", () -> new int[] {1, -2}),
        row("long[]", () -> new long[] {1, Long.MIN_VALUE}),
        row("float[]", () -> new float[] {1, Float.NaN}),
        row("double[]", () -> new double[] {1, -0.0}),
        row("int[][]", () -> new int[][] {{1}, {}, {2, 3}}),
        row("byte[][][]", () -> new byte[][][] {{{1}, {2}}, {}}),
        row("String[]", () -> new String[] {"a", "b", "a"}),
        row("Integer[]", () -> new Integer[] {1, 2}),
        row("Object[] of everything", () -> new Object[] {1, "a", new int[] {1}, List.of("x")}),
        row("Object[] with nulls", JdkRows::nulls),
        row("Object[] with one array twice", JdkRows::twice),
        row("Object[] within itself", JdkRows::itself),
        row("List[]", () -> new List<?>[] {CollectionRows.list("a"), List.of("b")})
            .allowing("java.util.List"),
        row("Date[]", () -> new Date[] {new Date(1), new java.sql.Date(2)}),
        row("long[0]", () -> new long[0]));
  }

  private static Object nulls() {
    return Arrays.asList("a", null).toArray();
  }

  private static Object twice() {
    int[] one = {1};
    return new Object[] {one, one};
  }

  private static Object itself() {
    Object[] array = new Object[1];
    array[0] = array;
    return array;
  }

  private static Timestamp timestamp(long millis, int nanos) {
    Timestamp timestamp = new Timestamp(millis);
    timestamp.setNanos(nanos);
    return timestamp;
  }

  private static Object calendar(String zone) {
    GregorianCalendar calendar = new GregorianCalendar(TimeZone.getTimeZone(zone), Locale.ROOT);
    calendar.setTimeInMillis(1_700_000_000_123L);
    calendar.setLenient(false);
    calendar.setFirstDayOfWeek(4);
    return calendar;
  }
}
