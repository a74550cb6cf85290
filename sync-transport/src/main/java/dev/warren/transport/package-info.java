// SPDX-License-Identifier: Apache-2.0
/**
 * Receives batches and hands them on to the log and to peers over AMQP 0-9-1. May import {@code
 * dev.warren.sync} and the AMQP client.
 */
@NullMarked
package dev.warren.transport;

import org.jspecify.annotations.NullMarked;
