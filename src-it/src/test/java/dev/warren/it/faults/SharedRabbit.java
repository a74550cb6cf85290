// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import dev.warren.testkit.RabbitBroker;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One real RabbitMQ for all classes of a run that ask for it by a parameter, stopped after the last
 * of them. Clusters keep apart by their names.
 */
final class SharedRabbit implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {

  @Override
  public void beforeAll(ExtensionContext context) {
    broker(context);
  }

  /** A test is skipped here, where a resolver could only fail it. */
  @Override
  public void beforeEach(ExtensionContext context) {
    broker(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == RabbitBroker.class;
  }

  @Override
  public RabbitBroker resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return broker(context);
  }

  /** The store closes it at the end of the run. */
  private static RabbitBroker broker(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.GLOBAL)
        .computeIfAbsent(RabbitBroker.class, key -> RabbitBroker.startOrSkip(), RabbitBroker.class);
  }
}
