// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.util.MapReferenceResolver;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * The references within one graph, and which objects are being made.
 *
 * <p>Most objects exist before their contents are read or copied, so that the contents may refer to
 * them. Some exist only afterwards (records, immutable lists, what Java serialization makes): these
 * are <em>open</em> meanwhile, and Kryo would silently put null where their contents refer to them.
 */
@SuppressWarnings("rawtypes")
final class GraphReferences extends MapReferenceResolver {

  private static final int FIRST_SIZES = 16;
  private static final long MOST_VISITS = Long.MAX_VALUE / 4;

  private final Set<Object> open = Collections.newSetFromMap(new IdentityHashMap<>());

  /* What was read, or written: by id, how many objects a visit of it visits. */
  private long[] sizes = new long[FIRST_SIZES];
  private int begun;
  private long visits;
  private long hashed;
  private long lastHashed;

  void open(Object object) {
    if (!open.add(object)) {
      throw new CycleException(object.getClass());
    }
  }

  void close(Object object) {
    open.remove(object);
  }

  /**
   * How many objects were read, or written, so far if each reference counted as all that it refers
   * to: so many are visited by {@code hashCode}, however few bytes they take.
   */
  long visits() {
    return visits;
  }

  void visits(long total) {
    visits = total;
  }

  /** To be told of each object written whose hash code readers will ask for, with its visits. */
  void hashing(long objects) {
    hashed = Math.min(hashed + objects, MOST_VISITS);
  }

  /** What {@link #hashing} was told of the last graph that was finished, all together. */
  long hashed() {
    return lastHashed;
  }

  /** To be told before and after each object that is read or written. */
  int begin() {
    return begun;
  }

  /**
   * @param id what {@code begin} gave
   * @param before the visits then
   */
  void end(int id, long before) {
    visits++;
    if (begun > id) { // else it cannot be referred to, or was a reference itself
      if (sizes.length <= id) {
        sizes = Arrays.copyOf(sizes, Math.max(2 * sizes.length, id + 1));
      }
      sizes[id] = visits - before;
    }
  }

  @Override
  public int nextReadId(Class type) {
    int id = super.nextReadId(type);
    begun = id + 1;
    return id;
  }

  @Override
  public int getWrittenId(Object object) {
    int id = super.getWrittenId(object);
    if (id != -1 && !open.isEmpty() && open.contains(object)) {
      throw new CycleException(object.getClass());
    }
    visit(id);
    return id;
  }

  @Override
  public int addWrittenObject(Object object) {
    int id = super.addWrittenObject(object);
    begun = id + 1;
    return id;
  }

  /** A reference to an earlier object; one that is not finished yet counts nothing. */
  private void visit(int id) {
    if (id >= 0 && id < sizes.length) {
      visits = Math.min(visits + sizes[id], MOST_VISITS);
    }
  }

  @Override
  public Object getReadObject(Class type, int id) {
    Object object = super.getReadObject(type, id);
    if (object == null) {
      throw new KryoException("reference to an unfinished object");
    }
    visit(id);
    return object;
  }

  @Override
  public void reset() {
    open.clear();
    if (begun > 0) {
      Arrays.fill(sizes, 0, Math.min(begun, sizes.length), 0);
      begun = 0;
    }
    visits = 0;
    lastHashed = hashed;
    hashed = 0;
    super.reset();
  }
}
