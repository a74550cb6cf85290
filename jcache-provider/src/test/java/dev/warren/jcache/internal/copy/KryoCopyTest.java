// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class KryoCopyTest {

  private static final int ROUNDS = 10_000;

  private final KryoCopy copier = new KryoCopy(KryoCopyTest.class.getClassLoader());

  private enum Colour {
    GREEN {
      @Override
      public String toString() {
        return "green";
      }
    }
  }

  private record Price(String currency, long cents, DayOfWeek day, UUID id) {}

  private record Tree(Price price, Tree left, Tree right) {}

  private record Sum(BigDecimal amount, Object note) {}

  private static final class Mutable extends BigDecimal {
    private static final long serialVersionUID = 1L;
    private int counter;

    Mutable(String digits) {
      super(digits);
    }
  }

  private static final class Locked implements Serializable {
    private static final long serialVersionUID = 1L;
    private final Object lock = new Object();
    private final Object again = lock;
  }

  @SuppressWarnings("NullAway") // leaves of a tree
  static List<Object> immutables() {
    Price price = new Price("EUR", 1, DayOfWeek.FRIDAY, new UUID(1, 2));
    return List.of(
        new String("text"), // no constant: identity is what counts
        5_000_000_000L,
        new UUID(1, 2),
        new BigDecimal("1.50"),
        URI.create("http://localhost"),
        Instant.ofEpochSecond(1),
        ZoneId.of("Europe/Berlin"),
        Locale.forLanguageTag("de-AT"),
        OptionalInt.of(5),
        Pattern.compile("a"),
        Colour.GREEN,
        String.class,
        price,
        new Tree(price, new Tree(price, null, null), null));
  }

  @ParameterizedTest
  @MethodSource("immutables")
  void copy_immutable_isTheSameAndAllocatesNothing(Object value) {
    assertThat(copier.copy(value)).isSameAs(value);

    assertThat(bytesAllocated(value)).isLessThan(ROUNDS);
  }

  private long bytesAllocated(Object value) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < ROUNDS; i++) {
      copier.copy(value);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < ROUNDS; i++) {
      copier.copy(value);
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void copy_recordOfImmutablesByValue_isTheSame() {
    Sum sum = new Sum(new BigDecimal("1.50"), "note");

    assertThat(copier.copy(sum)).isSameAs(sum);
  }

  @Test
  void copy_immutableListOfImmutables_isTheSame() {
    List<String> list = List.of("a", "b", "c");

    assertThat(copier.copy(list)).isSameAs(list);
  }

  @Test
  void copy_recordWithSomethingMutable_isCopied() {
    Sum sum = new Sum(BigDecimal.ONE, new ArrayList<>(List.of("note")));

    assertThat(copier.copy(sum)).isEqualTo(sum).isNotSameAs(sum);
    assertThat(copier.copy(sum).note()).isNotSameAs(sum.note());
  }

  @Test
  void copy_subclassOfAnImmutableClass_isCopied() {
    Mutable number = new Mutable("1");
    number.counter = 7;

    assertThat(copier.copy(number)).isNotSameAs(number);
    assertThat(copier.copy(number).counter).isEqualTo(7);
  }

  @Test
  void copy_bareObject_isRefused() {
    assertThatThrownBy(() -> copier.copy(new Object()))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("java.lang.Object")
        .hasMessageContaining("identity")
        .hasMessageContaining("setStoreByValue(false)");
  }

  @Test
  void copy_objectWithLock_getsALockOfItsOwn() {
    Locked original = new Locked();

    Locked copy = copier.copy(original);

    assertThat(copy.lock).isNotSameAs(original.lock).isSameAs(copy.again);
  }

  @Test
  void copy_listThatHoldsAThread_namesTheThread() {
    assertThatThrownBy(() -> copier.copy(new ArrayList<>(List.of(new Thread()))))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("java.util.ArrayList")
        .hasMessageContaining("java.lang.Thread")
        .hasMessageContaining("setStoreByValue(false)");
  }

  @Test
  void copy_lambdaThatCapturesAndIsNotSerializable_isRefused() {
    List<String> captured = new ArrayList<>();
    Runnable lambda = () -> captured.add("x");

    assertThatThrownBy(() -> copier.copy(lambda))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("setStoreByValue(false)");
  }

  @Test
  void copy_immutableListWithinItself_isRefused() {
    List<Object> inner = new ArrayList<>();
    List<Object> list = List.of(inner);
    inner.add(list);

    assertThatThrownBy(() -> copier.copy(list))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("part of its own contents");
    assertThat(copier.copy(inner)).hasSize(1);
  }

  @Test
  void copy_afterAFailure_stillWorks() {
    assertThatThrownBy(() -> copier.copy(List.of(new Thread()))).isNotNull();

    assertThat(copier.copy(new ArrayList<>(List.of("a")))).containsExactly("a");
  }
}
