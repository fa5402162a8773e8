package dev.gatehouse.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.gatehouse.LogSetup;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import net.logstash.logback.encoder.LogstashEncoder;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// What a logger writes while this is open, as facts and as the lines an operator would see.
public final class LogCapture implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 20;
  private static final String ACCESS = "gatehouse.access";
  private static final String AUDIT = "gatehouse.audit";
  private static final LoggerContext SHIPPED = shipped();
  private final Logger logger;
  private final @Nullable Level before;
  private final Collector collector;

  private LogCapture(Logger logger, String awaited) {
    this.logger = logger;
    this.collector = new Collector(awaited);
    this.before = logger.getLevel();
  }

  private static LoggerContext shipped() {
    LoggerContext context = new LoggerContext();
    LogSetup.writeJsonLines(context);
    return context;
  }

  /// The lines about exchanges.
  public static LogCapture access() {
    return of(ACCESS, ACCESS);
  }

  /// The events about decisions.
  public static LogCapture audit() {
    return of(AUDIT, AUDIT);
  }

  /// What one class says.
  public static LogCapture by(Class<?> type) {
    return of(type.getName(), type.getName());
  }

  /// Everything that the configuration in the jar lets through; what is waited for are exchanges.
  public static LogCapture everything() {
    return of(org.slf4j.Logger.ROOT_LOGGER_NAME, ACCESS);
  }

  private static LogCapture of(String name, String awaited) {
    LogCapture capture = new LogCapture((Logger) LoggerFactory.getLogger(name), awaited);
    capture.collector.encoder.start();
    capture.collector.start();
    capture.logger.setLevel(Level.INFO);
    capture.logger.addAppender(capture.collector);
    return capture;
  }

  /// The facts of the next event, once it is there.
  public Map<String, Object> next() throws InterruptedException {
    ILoggingEvent event = collector.events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("nothing was logged");
    }
    return event.getKeyValuePairs().stream()
        .collect(Collectors.toMap(pair -> pair.key, pair -> pair.value));
  }

  /// All lines so far.
  public List<String> lines() {
    return List.copyOf(collector.lines);
  }

  @Override
  public void close() {
    logger.detachAppender(collector);
    logger.setLevel(before);
    collector.stop();
  }

  private static final class Collector extends AppenderBase<ILoggingEvent> {
    private final BlockingQueue<ILoggingEvent> events = new LinkedBlockingQueue<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final LogstashEncoder encoder = new LogstashEncoder();
    private final String awaited;

    Collector(String awaited) {
      this.awaited = awaited;
    }

    @Override
    protected void append(ILoggingEvent event) {
      if (SHIPPED.getLogger(event.getLoggerName()).isEnabledFor(event.getLevel())) {
        event.prepareForDeferredProcessing();
        lines.add(new String(encoder.encode(event), StandardCharsets.UTF_8));
      }
      if (event.getLoggerName().equals(awaited)) {
        events.add(event);
      }
    }
  }
}
