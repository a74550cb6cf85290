// SPDX-License-Identifier: Apache-2.0
package dev.warren.jcache.internal.store;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZJ_Result;

/** Of a reader that prolongs an entry and two that find it expired exactly one wins. */
@JCStressTest
@Outcome(id = "true, false, -9223372036854775808", expect = ACCEPTABLE, desc = "killed by one")
@Outcome(id = "false, true, -9223372036854775808", expect = ACCEPTABLE, desc = "by the other")
@Outcome(id = "false, false, 20", expect = ACCEPTABLE, desc = "prolonged")
@Outcome(expect = FORBIDDEN, desc = "killed twice, or killed and prolonged")
@State
public class MoveAndKill {
  private final TimedEntry<String, String> entry = new TimedEntry<>("k", "v", 10, (byte) 0);

  @Actor
  public void one(ZZJ_Result seen) {
    seen.r1 = entry.kill(10);
  }

  @Actor
  public void other(ZZJ_Result seen) {
    seen.r2 = entry.kill(10);
  }

  @Actor
  public void reader() {
    entry.move(20);
  }

  @Arbiter
  public void end(ZZJ_Result seen) {
    seen.r3 = entry.expiryMillis();
  }
}
