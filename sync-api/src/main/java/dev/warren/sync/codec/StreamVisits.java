// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import java.io.InvalidObjectException;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many objects the hash codes of one Java stream visit: hash tables of hash tables that
 * refer to each other twice take years to read, in a few hundred bytes.
 *
 * <p>Java serialization tells of every finished object, and of every reference to an earlier one,
 * but not to which. So each reference counts as one to the object that takes most visits, and
 * counts only in streams that hold something which hashes or sorts.
 */
final class StreamVisits {

  private static final long VISITS_PER_BYTE = 1_000;
  private static final long FREE_VISITS = 500_000;
  private static final long MOST_VISITS = Long.MAX_VALUE / 4;

  private static final ClassValue<Field[]> FIELDS =
      new ClassValue<>() {
        @Override
        protected Field[] computeValue(Class<?> type) {
          return fieldsOf(type);
        }
      };

  private final IdentityHashMap<Object, Long> finished = new IdentityHashMap<>();
  private long largest = 1;
  private long left;
  private boolean hashes;

  StreamVisits(int bytes) {
    left = FREE_VISITS + VISITS_PER_BYTE * bytes;
  }

  /** The class of an object to come, or of one that an object to come extends. */
  void type(Class<?> type) {
    hashes |=
        Map.class.isAssignableFrom(type)
            || Set.class.isAssignableFrom(type)
            || Queue.class.isAssignableFrom(type);
  }

  /** A reference to an earlier object; false if there were too many. */
  boolean reference() {
    if (hashes) {
      left -= largest;
    }
    return left >= 0;
  }

  /** Says what a leaf takes, which was made elsewhere. */
  void leaf(Object leaf, long visits) {
    finished.put(leaf, visits);
  }

  /** A leaf in its place. */
  void leaf(Object leaf) throws InvalidObjectException {
    count(of(leaf));
  }

  /** How many objects the hash code of a finished one visits. */
  long of(@Nullable Object object) {
    return finished.getOrDefault(object, 1L);
  }

  /** An object whose contents are there. */
  void finished(Object object) throws InvalidObjectException {
    Collection<?> contents = contentsOf(object);
    if (!contents.isEmpty()) {
      long visits = 1;
      for (Object part : contents) {
        visits = Math.min(visits + of(part), MOST_VISITS);
      }
      finished.put(object, visits);
      count(visits);
    }
  }

  private void count(long visits) throws InvalidObjectException {
    largest = Math.max(largest, visits);
    if (hashes) {
      spend(visits);
    }
  }

  private void spend(long visits) throws InvalidObjectException {
    left -= visits;
    if (left < 0) {
      throw new InvalidObjectException(
          "objects refer to each other so often that hashing takes too long");
    }
  }

  private Collection<?> contentsOf(Object object) throws InvalidObjectException {
    if (object instanceof Collection<?> collection) {
      spend(collection.size()); // may be a view: as long as its author likes
      return collection;
    }
    if (object instanceof Map<?, ?> map) {
      spend(map.size());
      List<@Nullable Object> contents = new ArrayList<>(map.keySet());
      contents.addAll(map.values());
      return contents;
    }
    List<@Nullable Object> contents = new ArrayList<>();
    if (object instanceof Map.Entry<?, ?> entry) {
      contents.add(entry.getKey());
      contents.add(entry.getValue());
    } else if (object instanceof Object[] array) {
      return java.util.Arrays.asList(array);
    } else {
      for (Field field : FIELDS.get(object.getClass())) {
        try {
          contents.add(field.get(object));
        } catch (IllegalAccessException e) {
          throw new AssertionError(e);
        }
      }
    }
    return contents;
  }

  /* Those of classes of the user which hold objects. */
  private static Field[] fieldsOf(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> c = type; c != null && !JdkTypes.isJdk(c); c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
          try {
            field.setAccessible(true);
            fields.add(field);
          } catch (InaccessibleObjectException e) {
            // counts as nothing
          }
        }
      }
    }
    return fields.toArray(new Field[0]);
  }
}
