// SPDX-License-Identifier: Apache-2.0
/**
 * Receives a port and a folder and hands on a broker and a MongoDB stand-in inside this JVM. May
 * import {@code dev.warren.sync}, Qpid Broker-J and mongo-java-server.
 */
@NullMarked
package dev.warren.embedded;

import org.jspecify.annotations.NullMarked;
