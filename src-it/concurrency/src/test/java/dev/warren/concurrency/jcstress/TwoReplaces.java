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

/** Of two threads that replace the same value one does, and its value stays. */
@JCStressTest
@Outcome(id = "true, false, 1", expect = ACCEPTABLE, desc = "the first was first")
@Outcome(id = "false, true, 2", expect = ACCEPTABLE, desc = "the second was first")
@Outcome(expect = FORBIDDEN, desc = "none, both, or the other one's value")
@State
public class TwoReplaces {
  private static final Cache<Integer, Integer> CACHE = Shared.byValue();
  private final Integer key = Shared.newKey();

  public TwoReplaces() {
    CACHE.put(key, 0);
  }

  @Actor
  public void first(ZZI_Result seen) {
    seen.r1 = CACHE.replace(key, 0, 1);
  }

  @Actor
  public void second(ZZI_Result seen) {
    seen.r2 = CACHE.replace(key, 0, 2);
  }

  @Arbiter
  public void end(ZZI_Result seen) {
    seen.r3 = CACHE.getAndRemove(key);
  }
}
