// SPDX-License-Identifier: Apache-2.0
package dev.warren.it.faults;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** What all loggers of this JVM said at DEBUG and above while this was open, with causes. */
final class LogLines implements AutoCloseable {
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Logger warren = (Logger) LoggerFactory.getLogger("dev.warren");
  private final @Nullable Level rootBefore = root.getLevel();
  private final @Nullable Level warrenBefore = warren.getLevel();
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          List<String> line = new ArrayList<>();
          line.add(event.getLevel() + " " + event.getFormattedMessage());
          for (IThrowableProxy t = event.getThrowableProxy(); t != null; t = t.getCause()) {
            line.add(t.getClassName() + ": " + t.getMessage());
          }
          lines.add(String.join("\n", line));
        }
      };

  LogLines() {
    appender.setContext(root.getLoggerContext());
    appender.start();
    root.addAppender(appender);
    warren.setLevel(Level.DEBUG);
  }

  List<String> all() {
    return List.copyOf(lines);
  }

  /** Those of level WARN and above that carry {@code code}. */
  List<String> warnings(String code) {
    return lines.stream().filter(line -> line.matches("(?s)(WARN|ERROR) " + code + " .*")).toList();
  }

  @Override
  public void close() {
    root.detachAppender(appender);
    appender.stop();
    root.setLevel(rootBefore);
    warren.setLevel(warrenBefore);
  }
}
