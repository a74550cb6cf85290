// SPDX-License-Identifier: Apache-2.0
package dev.warren.bench.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerTest {

  @Test
  void of_aList_namesPeersOnce() {
    assertThat(Peer.of("ignite, hazelcast,ignite")).containsExactly(Peer.IGNITE, Peer.HAZELCAST);
    assertThat(Peer.of("")).isEmpty();
    assertThat(Peer.of("none")).isEmpty();
  }

  @Test
  void of_anUnknownName_saysWhichThereAre() {
    assertThatThrownBy(() -> Peer.of("ignite,redis"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a peer of ./bench dist must be one of hazelcast, infinispan, ignite, or none,"
                + " but was \"redis\"");
  }

  @Test
  void title_tellsTheVersionOfTheClassPath() {
    assertThat(Peer.IGNITE.title("/r/ignite-spring-1.0.jar:/r/ignite-core-2.17.0.jar"))
        .isEqualTo("Ignite 2.17.0");
    assertThat(Peer.IGNITE.title("/r/other-1.0.jar")).isEqualTo("Ignite");
  }

  @Test
  void run_ofPeersThatAreNotBuilt_failsEachAndGoesOn(@TempDir Path benchmarks) throws Exception {
    Results results = new Results();
    PeerCells.run(
        new Lab(benchmarks, "none", Scale.QUICK, results),
        List.of(Peer.HAZELCAST, Peer.INFINISPAN),
        cell -> true);
    assertThat(results.anyFailed()).isTrue();
    assertThat(results.markdown())
        .contains("| Hazelcast | Infinispan |")
        .contains("**Hazelcast failed**", "hazelcast-*.log")
        .contains("**Infinispan failed**", "infinispan-*.log");
  }
}
