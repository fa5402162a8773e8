package dev.gatehouse.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// All targets with all kept inputs, then each for `-Dfuzz.seconds` (3) with inputs that Jazzer
/// makes up; `-Dfuzz.target=body` looks at one alone.
final class FuzzTest {
  private static final Map<Target, Future<FuzzRun>> RUNS = new EnumMap<>(Target.class);
  private static final ExecutorService STARTER = Executors.newSingleThreadExecutor();

  static List<Target> targets() {
    String only = System.getProperty("fuzz.target", "");
    return Arrays.stream(Target.values())
        .filter(target -> only.isEmpty() || target.toString().equals(only))
        .toList();
  }

  static List<Arguments> keptInputs() throws IOException {
    List<Arguments> inputs = new ArrayList<>();
    for (Target target : Target.values()) {
      try (Stream<Path> files = Files.list(target.kept())) {
        files.sorted().forEach(file -> inputs.add(Arguments.of(target, file.getFileName())));
      }
    }
    return inputs;
  }

  // One after the other, since each takes a processor, and other tests run meanwhile.
  @BeforeAll
  static void start() {
    targets().forEach(target -> RUNS.put(target, STARTER.submit(() -> FuzzRun.of(target))));
  }

  @AfterAll
  static void stop() {
    STARTER.shutdownNow();
  }

  @ParameterizedTest
  @MethodSource("keptInputs")
  void keptInputHoldsNoSurprise(Target target, Path file) throws Exception {
    target.check(Files.readAllBytes(target.kept().resolve(file)));
  }

  @ParameterizedTest
  @EnumSource
  void targetHasInputsToBeginWith(Target target) throws IOException {
    try (Stream<Path> files = Files.list(target.kept())) {
      assertTrue(files.count() >= 5);
    }
  }

  @ParameterizedTest
  @MethodSource("targets")
  void inputNobodyThoughtOfHoldsNone(Target target) throws Exception {
    FuzzRun run = Objects.requireNonNull(RUNS.get(target)).get();
    assertEquals(0, run.exitCode(), run::report);
    // How many more there are depends on the machine.
    try (Stream<Path> kept = Files.list(target.kept())) {
      assertTrue(run.executions() > kept.count(), run::report);
    }
    assertTrue(run.coverage() > 50, run::report);
  }
}
