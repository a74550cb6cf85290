// SPDX-License-Identifier: Apache-2.0
package dev.warren.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Fails a test class during which Warren, a framework or a library logged a warning or an error. As
 * a static field with {@code @RegisterExtension @Order(0)} it begins before and ends after the rest
 * of the class.
 */
public final class NoWarnings implements BeforeAllCallback, AfterAllCallback {
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> watch =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
            seen.add(
                event.getLevel()
                    + " "
                    + event.getLoggerName()
                    + ": "
                    + event.getFormattedMessage());
          }
        }
      };

  /** Watches nothing yet. */
  public NoWarnings() {}

  @Override
  public void beforeAll(ExtensionContext context) {
    watch.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
    watch.start();
    root().addAppender(watch);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    assertThat(root().isAttached(watch)).as("the log was watched until the end").isTrue();
    root().detachAppender(watch);
    assertThat(seen).as("warnings and errors in the log").isEmpty();
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }
}
