package dev.gatehouse.auth;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/// Everything that this room logs at any level while it is open.
final class RecordedLog implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.gatehouse.auth");
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  RecordedLog() {
    appender.start();
    logger.setLevel(Level.TRACE);
    logger.addAppender(appender);
  }

  List<String> lines() {
    return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  List<String> warnings() {
    return appender.list.stream()
        .filter(event -> event.getLevel().equals(Level.WARN))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  /// The last line.
  String last() {
    return lines().getLast();
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    logger.setLevel(null);
  }
}
