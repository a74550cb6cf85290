// SPDX-License-Identifier: Apache-2.0
package dev.warren.concurrency.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.warren.concurrency.jcstress.Shared.Box;
import javax.cache.Cache;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** The copy of what one thread puts is complete for another that gets it. */
@JCStressTest
@Outcome(id = "[01], [01], 1", expect = ACCEPTABLE, desc = "none yet, or a complete one")
@Outcome(expect = FORBIDDEN, desc = "half a value, or none at the end")
@State
public class PublicationByValue {
  private static final Cache<Integer, Box> CACHE = Shared.byValue();
  private final Integer key = Shared.newKey();

  @Actor
  public void put() {
    CACHE.put(key, Box.filled());
  }

  @Actor
  public void get(III_Result seen) {
    seen.r1 = Box.look(CACHE.get(key));
    seen.r2 = Box.look(CACHE.invoke(key, (entry, none) -> entry.getValue()));
  }

  @Arbiter
  public void end(III_Result seen) {
    seen.r3 = Box.look(CACHE.getAndRemove(key));
  }
}
