// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

/**
 * Named in encoded bytes instead of any class that is left to Java serialization, whose stream
 * names the class itself: a lambda's class, for one, has no name that could be found again.
 */
final class JavaStreamed {
  private JavaStreamed() {}
}
