// SPDX-License-Identifier: Apache-2.0
/**
 * Receives figures and configurations and hands them to JMX. May import {@code internal.operation}
 * and what stands below it, not its siblings.
 */
@NullMarked
package dev.warren.jcache.internal.management;

import org.jspecify.annotations.NullMarked;
