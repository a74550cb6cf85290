// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.util.MapReferenceResolver;
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

  private final Set<Object> open = Collections.newSetFromMap(new IdentityHashMap<>());

  void open(Object object) {
    if (!open.add(object)) {
      throw new CycleException(object.getClass());
    }
  }

  void close(Object object) {
    open.remove(object);
  }

  @Override
  public int getWrittenId(Object object) {
    int id = super.getWrittenId(object);
    if (id != -1 && !open.isEmpty() && open.contains(object)) {
      throw new CycleException(object.getClass());
    }
    return id;
  }

  @Override
  public Object getReadObject(Class type, int id) {
    Object object = super.getReadObject(type, id);
    if (object == null) {
      throw new KryoException("reference to an unfinished object");
    }
    return object;
  }

  @Override
  public void reset() {
    open.clear();
    super.reset();
  }
}
