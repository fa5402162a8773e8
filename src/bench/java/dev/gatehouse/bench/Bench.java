package dev.gatehouse.bench;

import dev.gatehouse.auth.TestIssuer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Measures all subjects under the same load, one at a time and row by row in turn, and prints one
/// table.
///
/// @param gatehouse how Gatehouse is started, up to `serve`
/// @param time what a load of short requests takes
/// @param folder for configurations and logs
/// @param turn who has it works; a fair one
record Bench(
    List<String> gatehouse,
    Duration time,
    Path folder,
    TestIssuer issuer,
    Agent agent,
    Requests few,
    Requests many,
    ReentrantLock turn) {
  private static final Duration TOKEN_LIFE = Duration.ofHours(6); // longer than any run

  /// How often each is started to see how long that takes, and anew to hold silent streams.
  private static final int STARTS = 5;

  private static final int SILENCES = 3;

  private static final int FEW_USERS = 50;
  private static final int MANY_USERS = 1_000;

  private static final List<String> OPTIONS = List.of("--seconds", "--only", "--script", "--java");

  /// Runs it.
  ///
  /// @param arguments `--seconds N` for each load of short requests, `--only gatehouse,nginx`,
  ///   `--script target/dist/gatehouse-1.0/bin/gatehouse` for the one of a distribution, and
  ///   `--java -Xmx1g,-XX:+UseZGC` for either
  public static void main(String[] arguments) throws Exception {
    Map<String, String> options = options(arguments);
    Duration time = Duration.ofSeconds(Long.parseLong(options.getOrDefault("--seconds", "5")));
    Set<Subject> wanted = subjects(options.getOrDefault("--only", ""));
    List<String> gatehouse =
        gatehouse(options.getOrDefault("--script", ""), options.getOrDefault("--java", ""));
    Path folder = Files.createTempDirectory("gatehouse-bench");
    Map<Subject, Samples> table = new EnumMap<>(Subject.class);
    try (TestIssuer issuer = TestIssuer.start();
        Agent agent = Agent.start();
        ExecutorService subjects = Executors.newVirtualThreadPerTaskExecutor()) {
      Requests many = users(issuer, MANY_USERS);
      Requests few = new Requests(many.cookies().subList(0, FEW_USERS));
      Bench bench =
          new Bench(gatehouse, time, folder, issuer, agent, few, many, new ReentrantLock(true));
      bench.rehearse();
      Map<Subject, Future<Samples>> coming = new EnumMap<>(Subject.class);
      for (Subject subject : wanted) {
        if (subject.isInstalled()) {
          coming.put(subject, subjects.submit(() -> bench.samples(subject)));
        }
      }
      for (Map.Entry<Subject, Future<Samples>> each : coming.entrySet()) {
        table.put(each.getKey(), each.getValue().get());
      }
    }
    print(table);
  }

  /// Load and agent run code for the first time too, which would be in the figures of whoever comes
  /// first.
  private void rehearse() throws Exception {
    turn.lock();
    try {
      with(Subject.NOTHING, new Samples(), Measurement::rehearse);
    } finally {
      turn.unlock();
    }
  }

  private Samples samples(Subject subject) throws Exception {
    Samples samples = new Samples();
    turn.lock();
    try {
      System.err.println("measuring " + subject.title());
      for (int i = 0; i < STARTS; i++) {
        with(subject, samples, Measurement::atStart);
      }
      with(subject, samples, Measurement::work);
      for (int i = 0; i < SILENCES; i++) {
        with(subject, samples, Measurement::silence);
      }
      with(subject, samples, Measurement::mostStreams);
    } catch (TimeoutException e) {
      System.err.println(e.getMessage()); // the others are worth a table
    } finally {
      turn.unlock();
    }
    return samples;
  }

  private interface Work {
    void doneBy(Measurement measurement) throws Exception;
  }

  /// Has work done by a new process, and then gives the turn away.
  private void with(Subject subject, Samples samples, Work work) throws Exception {
    try (Proxy fresh = start(subject)) {
      work.doneBy(measurement(fresh, samples));
    }
    turn.unlock();
    turn.lock();
  }

  private Proxy start(Subject subject) throws Exception {
    return Proxy.start(subject, folder, agent, issuer, few, gatehouse);
  }

  private Measurement measurement(Proxy proxy, Samples samples) {
    return new Measurement(proxy, samples, agent, few, many, time, turn);
  }

  private static List<String> gatehouse(String script, String options) {
    Path home = Path.of(System.getProperty("java.home"));
    String words = options.replace(',', ' ').strip();
    if (!script.isEmpty()) {
      return List.of("env", "JAVA25_HOME=" + home, "JAVA_OPTS=" + words, script);
    }
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/java").toString());
    Arrays.stream(words.split(" ", -1)).filter(word -> !word.isEmpty()).forEach(command::add);
    command.addAll(List.of("-jar", Path.of("target", "gatehouse.jar").toString()));
    return command;
  }

  private static Map<String, String> options(String[] arguments) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      if (!OPTIONS.contains(arguments[i]) || i + 1 == arguments.length) {
        throw new IllegalArgumentException(
            "%s is none of %s with a value".formatted(arguments[i], OPTIONS));
      }
      options.put(arguments[i], arguments[i + 1]);
    }
    return options;
  }

  /// @param names separated by commas, or none for all
  private static Set<Subject> subjects(String names) {
    if (names.isEmpty()) {
      return EnumSet.allOf(Subject.class);
    }
    return Arrays.stream(names.split(",", -1))
        .map(name -> Subject.valueOf(name.toUpperCase(Locale.ROOT)))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Subject.class)));
  }

  /// Tokens of 900 bytes, as issuers with a few claims of their own make them.
  private static Requests users(TestIssuer issuer, int count) {
    return new Requests(
        IntStream.range(0, count)
            .mapToObj(i ->
                issuer.token(claims ->
                    claims
                        .subject(Requests.SUBJECT + i)
                        .expirationTime(Date.from(Instant.now().plus(TOKEN_LIFE)))
                        .claim("scope", "openid profile chat orders:read ".repeat(5))))
            .collect(Collectors.toList()));
  }

  private static void print(Map<Subject, Samples> table) {
    List<String> head = new ArrayList<>(List.of(""));
    table.keySet().forEach(subject -> head.add(subject.title()));
    System.out.println("| " + String.join(" | ", head) + " |");
    System.out.println("|---" + "|---:".repeat(table.size()) + "|");
    for (Figure figure : Figure.values()) {
      List<String> row = new ArrayList<>(List.of(figure.title()));
      table.values().forEach(samples -> row.add(figure.text(samples.figure(figure))));
      System.out.println("| " + String.join(" | ", row) + " |");
    }
  }
}
