// SPDX-License-Identifier: Apache-2.0
package dev.warren.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.AMQImpl;
import dev.warren.sync.TransportException;
import dev.warren.sync.TransportException.Reason;
import java.io.IOException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class FailuresTest {

  private static TransportException channelClosed(String text) {
    AMQImpl.Channel.Close close =
        new AMQImpl.Channel.Close(
            AMQP.PRECONDITION_FAILED, "PRECONDITION_FAILED - " + text, 60, 20);
    return Failures.of(
        AmqpUri.parse("amqp://me:secret@one,two"),
        new IOException(new ShutdownSignalException(false, false, close, null)));
  }

  /** What a restarted broker of a cluster says; nothing must be deleted for that. */
  @Test
  void of_noCopyOfTheStreamOnThisBroker_isNotReady() {
    TransportException failure =
        channelClosed("queue 'warren.c' in vhost '/' does not have a replica on the local node");
    assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
    assertThat(failure)
        .hasMessageContaining("is not ready")
        .hasMessageContaining("add_replica")
        .hasMessageNotContaining("deleted");
  }

  @Test
  void of_queueIsNoStream_isUnsuitable() {
    TransportException failure =
        channelClosed("inequivalent arg 'x-queue-type' for queue 'warren.c'");
    assertThat(failure.reason()).isEqualTo(Reason.UNSUITABLE_BROKER);
    assertThat(failure).hasMessageContaining("must be deleted first");
  }
}
