package dev.gatehouse.load;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/// Counts the lines of the access log and holds them against the answers that clients got: an
/// answer and its line cancel each other out, so that this can go on for long.
final class AccessTally extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger("gatehouse.access");
  private final Map<String, Long> outcomes = new ConcurrentHashMap<>();
  private final Map<String, Integer> balances = new ConcurrentHashMap<>();

  static AccessTally open() {
    AccessTally tally = new AccessTally();
    tally.start();
    tally.logger.setLevel(Level.INFO);
    tally.logger.addAppender(tally);
    return tally;
  }

  @Override
  protected void append(ILoggingEvent event) {
    Map<String, Object> facts =
        event.getKeyValuePairs().stream()
            .collect(Collectors.toMap(pair -> pair.key, pair -> pair.value));
    String outcome = facts.getOrDefault("outcome", "status " + facts.get("status")).toString();
    boolean early = outcome.equals("client-closed") && !facts.containsKey("firstByteMs");
    outcomes.merge(early ? "client-closed early" : outcome, 1L, Long::sum);
    book(facts.getOrDefault("requestId", "-").toString(), -1);
  }

  /// A client got an answer with this request id.
  void answered(String requestId) {
    book(requestId, 1);
  }

  private void book(String requestId, int change) {
    balances.merge(requestId, change, (a, b) -> a + b == 0 ? null : a + b);
  }

  /// Lines so far, by outcome; those of clients that left before the upstream answered are apart.
  Map<String, Long> outcomes() {
    return new TreeMap<>(outcomes);
  }

  /// Lines with one outcome.
  long lines(String outcome) {
    return outcomes.getOrDefault(outcome, 0L);
  }

  /// Lines that have an outcome, as those of routes do.
  long relayed() {
    return outcomes.entrySet().stream()
        .filter(entry -> !entry.getKey().startsWith("status "))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /// Answers whose line has not come.
  long answersWithoutLine() {
    return balances.values().stream().filter(balance -> balance > 0).count();
  }

  /// Exchanges with more than one line, and answers that came with the same id.
  long doubles() {
    return balances.values().stream().filter(balance -> Math.abs(balance) > 1).count();
  }

  /// Lines whose answer nobody has got.
  long linesWithoutAnswer() {
    return balances.values().stream().filter(balance -> balance < 0).count();
  }

  /// Forgets what was not answered.
  void forget() {
    balances.clear();
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    logger.setLevel(null);
    stop();
  }
}
