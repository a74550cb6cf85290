// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import java.io.Serializable;

/** Stands in a Java stream for an object that Kryo carries. */
record Leaf(int index) implements Serializable {}
