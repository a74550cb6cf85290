// SPDX-License-Identifier: Apache-2.0
package dev.warren.concurrency.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import javax.cache.Cache;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** Of two threads that put if absent one does, and its value stays. */
@JCStressTest
@Outcome(id = "true, false, 1", expect = ACCEPTABLE, desc = "the first was first")
@Outcome(id = "false, true, 2", expect = ACCEPTABLE, desc = "the second was first")
@Outcome(expect = FORBIDDEN, desc = "none, both, or the other one's value")
@State
public class TwoPutsIfAbsent {
  private static final Cache<Integer, Integer> CACHE = Shared.byValue();
  private final Integer key = Shared.newKey();

  @Actor
  public void first(ZZI_Result seen) {
    seen.r1 = CACHE.putIfAbsent(key, 1);
  }

  @Actor
  public void second(ZZI_Result seen) {
    seen.r2 = CACHE.putIfAbsent(key, 2);
  }

  @Arbiter
  public void end(ZZI_Result seen) {
    seen.r3 = CACHE.getAndRemove(key);
  }
}
