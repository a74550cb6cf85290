// SPDX-License-Identifier: Apache-2.0
package dev.warren.transport.internal;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.impl.StrictExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a peer handler throws is logged and ends its channel, and so its connection. */
final class LinkExceptions extends StrictExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(LinkExceptions.class);

  @Override
  protected void log(String message, Throwable e) {
    LOG.debug(message, e);
  }

  @Override
  public void handleConsumerException(
      Channel channel,
      Throwable exception,
      com.rabbitmq.client.Consumer consumer,
      String consumerTag,
      String methodName) {
    // One bad message must not cut the log off: it is dropped, as a lost one would be.
    LOG.warn("WRN-0305 a message of a member could not be handled and is dropped", exception);
  }
}
