package dev.gatehouse;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.ClassicConstants;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.DefaultJoranConfigurator;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Map;
import net.logstash.logback.encoder.LogstashEncoder;
import net.logstash.logback.fieldnames.LogstashFieldNames;

/// What is logged, and how, unless there is a Logback configuration of somebody else's: one that is
/// named by `-Dlogback.configurationFile`, or one in its usual place on the class path. It is
/// written in Java since reading it from XML was a third of the way to the ready line.
public final class LogSetup extends ContextAwareBase implements Configurator {
  private static final String FOR_A_PERSON = "gatehouse.log-for-a-person";
  private static final String LINE = "%d{HH:mm:ss} %-5level %msg %kvp{NONE}%n%nopex";
  private static final String LEFT_OUT = "[ignore]";
  private static final int LINES_WAITING = 1024;
  private static final int MILLIS_TO_FINISH = 5000;

  private static final Map<String, Level> LEVELS =
      Map.of(
          Logger.ROOT_LOGGER_NAME,
          Level.INFO,
          // Its warnings quote what came over the wire; what matters of them is logged by
          // Gatehouse.
          "org.eclipse.jetty",
          Level.ERROR,
          // A line with a stack for every connection that broke; who wanted something of the
          // database says so once.
          "com.zaxxer.hikari",
          Level.ERROR,
          "org.flywaydb",
          Level.WARN,
          // The MCP library quotes what servers send, Reactor what the library throws. What matters
          // of it is logged by the agent itself.
          "io.modelcontextprotocol",
          Level.OFF,
          "reactor",
          Level.OFF);

  /// The demo has somebody in front of it. Has no effect once there is a logger.
  static void writeForAPerson() {
    System.setProperty(FOR_A_PERSON, "true");
  }

  @Override
  public ExecutionStatus configure(LoggerContext logging) {
    DefaultJoranConfigurator others = new DefaultJoranConfigurator();
    others.setContext(logging);
    if (others.configure(logging) == ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY) {
      return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY; // there was one
    }
    if (Boolean.getBoolean(FOR_A_PERSON)) {
      writeShortLines(logging);
    } else {
      writeJsonLines(logging);
    }
    String missing = System.getProperty(ClassicConstants.CONFIG_FILE_PROPERTY, "");
    if (!missing.isEmpty()) {
      logging.getLogger(LogSetup.class).error("there is no Logback configuration {}", missing);
    }
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /// One short line per exchange.
  private static void writeShortLines(LoggerContext logging) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setPattern(LINE);
    write(logging, console(logging, encoder));
    // What an operator should know of the demo's plain cookie and fresh keys is no news here.
    logging.getLogger("dev.gatehouse.auth").setLevel(Level.ERROR);
  }

  /// JSON lines on standard error; standard output has the ready line only.
  ///
  /// They are written on a thread of their own, whose buffers are used again and again: the encoder
  /// keeps some for every thread that it served, and there is a thread for each request. Nothing is
  /// left out, and who ends the process waits for it.
  public static void writeJsonLines(LoggerContext logging) {
    LogstashFieldNames names = new LogstashFieldNames();
    names.setTimestamp("time");
    names.setVersion(LEFT_OUT);
    names.setLevelValue(LEFT_OUT);
    names.setThread(LEFT_OUT);
    LogstashEncoder encoder = new LogstashEncoder();
    encoder.setFieldNames(names);
    AsyncAppender writer = new AsyncAppender();
    writer.setContext(logging);
    writer.setName("writer");
    writer.setQueueSize(LINES_WAITING);
    writer.setDiscardingThreshold(0);
    writer.setMaxFlushTime(MILLIS_TO_FINISH);
    writer.addAppender(console(logging, encoder));
    writer.start();
    write(logging, writer);
  }

  private static Appender<ILoggingEvent> console(
      LoggerContext logging, Encoder<ILoggingEvent> encoder) {
    encoder.setContext(logging);
    encoder.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(logging);
    console.setName("console");
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    return console;
  }

  private static void write(LoggerContext logging, Appender<ILoggingEvent> appender) {
    LEVELS.forEach((name, level) -> logging.getLogger(name).setLevel(level));
    logging.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
  }
}
