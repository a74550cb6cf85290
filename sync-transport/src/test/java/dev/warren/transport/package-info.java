// SPDX-License-Identifier: Apache-2.0
/** Tests of the transport on the embedded broker and on a real RabbitMQ. */
@NullMarked
package dev.warren.transport;

import org.jspecify.annotations.NullMarked;
