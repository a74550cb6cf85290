// SPDX-License-Identifier: Apache-2.0
package dev.warren.concurrency.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import javax.cache.Cache;
import javax.cache.processor.EntryProcessor;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** No put comes between what a processor reads and what it sets. */
@JCStressTest
@Outcome(id = "10", expect = ACCEPTABLE, desc = "invoked, then put")
@Outcome(id = "11", expect = ACCEPTABLE, desc = "put, then invoked")
@Outcome(expect = FORBIDDEN, desc = "the put was lost")
@State
public class PutAndInvoke {
  private static final EntryProcessor<Integer, Integer, Integer> INCREMENT =
      (entry, none) -> {
        entry.setValue(entry.getValue() + 1);
        return 0;
      };
  private static final Cache<Integer, Integer> CACHE = Shared.byValue();
  private final Integer key = Shared.newKey();

  public PutAndInvoke() {
    CACHE.put(key, 1);
  }

  @Actor
  public void put() {
    CACHE.put(key, 10);
  }

  @Actor
  public void invoke() {
    CACHE.invoke(key, INCREMENT);
  }

  @Arbiter
  public void end(I_Result seen) {
    seen.r1 = CACHE.getAndRemove(key);
  }
}
