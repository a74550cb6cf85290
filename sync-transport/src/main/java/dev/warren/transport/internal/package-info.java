// SPDX-License-Identifier: Apache-2.0
/**
 * Receives records and messages and hands them on over one AMQP connection, which it keeps up. May
 * import {@code dev.warren.sync} and the AMQP client.
 */
@NullMarked
package dev.warren.transport.internal;

import org.jspecify.annotations.NullMarked;
