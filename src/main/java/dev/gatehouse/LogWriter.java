package dev.gatehouse;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/// Log lines are written on a thread of their own, which ends with the process.
final class LogWriter {
  private LogWriter() {}

  /// Waits until all lines are out, for some seconds at most; what is logged later is lost.
  static void finish() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logging) {
      logging.stop();
    }
  }
}
