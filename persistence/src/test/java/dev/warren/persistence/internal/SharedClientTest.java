// SPDX-License-Identifier: Apache-2.0
package dev.warren.persistence.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SharedClientTest {
  private static final MongoUri URI = MongoUri.parse("uri", "mongodb://127.0.0.1:1");
  private static final Duration SHORT = Duration.ofMillis(50);

  @Test
  void client_sameAddress_isSharedUntilTheLastIsClosed() {
    SharedClient one = new SharedClient(URI, SHORT);
    SharedClient two = new SharedClient(URI, SHORT);
    MongoClient client = one.client();
    assertThat(two.client()).isSameAs(client);
    assertThat(one.client()).isSameAs(client);

    one.close();
    one.close();
    assertThat(two.client()).isSameAs(client);
    two.close();

    assertThatThrownBy(two::client).isInstanceOf(SharedClient.ClosedException.class);
    try (SharedClient three = new SharedClient(URI, SHORT)) {
      assertThat(three.client()).isNotSameAs(client);
    }
  }

  @Test
  void client_otherTimeout_isAnother() {
    try (SharedClient one = new SharedClient(URI, SHORT);
        SharedClient two = new SharedClient(URI, SHORT.plusMillis(1))) {
      assertThat(one.client()).isNotSameAs(two.client());
    }
  }

  @Test
  void client_threads_areDaemons() {
    try (SharedClient one = new SharedClient(URI, SHORT)) {
      assertThat(one.client()).isNotNull();
      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> thread.getName().startsWith("cluster-"))
          .isNotEmpty()
          .allMatch(Thread::isDaemon);
    }
  }
}
