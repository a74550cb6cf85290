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
import org.openjdk.jcstress.infra.results.ZI_Result;

/** What one thread puts another removes, or it stays: never both, never neither. */
@JCStressTest
@Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "put, then removed")
@Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "nothing to remove, then put")
@Outcome(expect = FORBIDDEN, desc = "removed and there, or lost")
@State
public class PutAndRemove {
  private static final Cache<Integer, Integer> CACHE = Shared.byValue();
  private final Integer key = Shared.newKey();

  @Actor
  public void put() {
    CACHE.put(key, 1);
  }

  @Actor
  public void remove(ZI_Result seen) {
    seen.r1 = CACHE.remove(key);
  }

  @Arbiter
  public void end(ZI_Result seen) {
    Integer left = CACHE.getAndRemove(key);
    seen.r2 = left == null ? 0 : left;
  }
}
