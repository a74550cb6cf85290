// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.operation;

import java.util.List;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import org.jspecify.annotations.Nullable;

/** {@code invoke}: runs the processor on a view of the entry and then applies its net effect. */
record Invoke<K, V, T>(EntryProcessor<K, V, T> processor, List<@Nullable Object> arguments)
    implements KeyOperation<K, V, T> {
  @Override
  public @Nullable T run(KeyTurn<K, V> turn) {
    V old = turn.live();
    turn.tally().get(old != null);
    turn.userCodeRan();
    ProcessorEntry<K, V> entry = new ProcessorEntry<>(turn, old);
    try {
      T result = processor.process(entry, arguments.toArray());
      entry.apply();
      return result;
    } catch (EntryProcessorException e) {
      throw e;
    } catch (Throwable e) { // the processor's own, the loader's, the writer's
      throw new EntryProcessorException("the entry processor failed", e);
    }
  }
}
