// SPDX-License-Identifier: Apache-2.0
/**
 * Receives what every JDK carries and hands on data sets of keys and right answers. May import only
 * the JDK.
 */
@NullMarked
package dev.warren.examples.demo.data;

import org.jspecify.annotations.NullMarked;
