package dev.gatehouse.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One target under Jazzer, in a process of its own: its agent watches which branches of our code
/// an input reaches, and libFuzzer changes those inputs that reached new ones.
record FuzzRun(Target target, int exitCode, String output) {
  private static final Pattern EXECUTIONS = Pattern.compile("(?m)^#([0-9]+)\\s.*");
  private static final Pattern COVERAGE = Pattern.compile("cov: ([0-9]+)");
  private static final int LINES = 60;
  private static final int SECONDS = Integer.getInteger("fuzz.seconds", 3);

  /// A short run is over before a better compiler pays.
  private static final String COMPILER =
      SECONDS < 60 ? "-XX:TieredStopAtLevel=1" : "-XX:+TieredCompilation";

  /// What Jazzer would do besides: look for what we have none of, steer inputs towards files of
  /// this machine, and, at a thousandth of the speed, towards matches of regular expressions.
  private static final String DETECTORS =
      Stream.of(
              "BigDecimal",
              "ClojureLangHooks",
              "Deserialization",
              "ExpressionLanguageInjection",
              "FilePathTraversal",
              "LdapInjection",
              "NamingContextLookup",
              "OsCommandInjection",
              "ReflectiveCall",
              "RegexInjection",
              "RegexRoadblocks",
              "ScriptEngineInjection",
              "ServerSideRequestForgery",
              "SqlInjection",
              "TemplateInjection",
              "UnsafeSanitizer",
              "XPathInjection",
              "XmlParserSsrfGuidance")
          .map("com.code_intelligence.jazzer.sanitizers."::concat)
          .collect(Collectors.joining(":"));

  /// Runs it for as long as wanted. New inputs are collected in `target/fuzz` from run to run; what
  /// breaks a property is written there too.
  static FuzzRun of(Target target) throws IOException, InterruptedException {
    Path folder = Path.of("target", "fuzz", target.toString());
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    Path log = folder.resolve("log.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                COMPILER,
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "-classpath",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.className(),
                "--instrumentation_includes=dev.gatehouse.**",
                "--disabled_hooks=" + DETECTORS,
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + "/",
                "-max_total_time=" + SECONDS,
                "-timeout=60",
                "-rss_limit_mb=4096",
                "-print_final_stats=1",
                corpus.toString(),
                target.kept().toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      int exitCode = process.waitFor();
      return new FuzzRun(target, exitCode, Files.readString(log));
    } finally {
      process.destroyForcibly();
    }
  }

  /// How many inputs were tried.
  long executions() {
    return last(EXECUTIONS);
  }

  /// How many branches of our code were reached.
  long coverage() {
    return last(COVERAGE);
  }

  /// What there is to know if it failed.
  String report() {
    List<String> lines = output.lines().toList();
    String end = String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    return "%s ended with %d; once mended, keep the input in %s\n%s"
        .formatted(target, exitCode, target.kept(), end);
  }

  private long last(Pattern pattern) {
    Matcher matcher = pattern.matcher(output);
    long last = 0;
    while (matcher.find()) {
      last = Long.parseLong(matcher.group(1));
    }
    return last;
  }
}
