package dev.gatehouse;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.gatehouse.config.GatehouseConfig;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Who may know whom, and which library lives where.
final class ArchitectureTest {
  private static final String ROOT = "dev.gatehouse";
  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  private static final Set<String> GATE =
      Set.of(
          "config",
          "http",
          "auth",
          "protocol",
          "enrich",
          "upstream",
          "stream",
          "ops",
          "page",
          "connection",
          "trace",
          "relay");

  /// Every room, and the rooms it may know.
  private static final Map<String, Set<String>> MAY_KNOW =
      Map.ofEntries(
          Map.entry("launch", Set.of()),
          Map.entry("connection", Set.of()),
          Map.entry("agent", Set.of("connection")),
          Map.entry("agent.chat", Set.of()),
          Map.entry("agent.http", Set.of("agent.chat")),
          Map.entry("agent.chatkit", Set.of("agent.chat", "agent.http", "connection")),
          Map.entry("agent.store", Set.of("agent.chat")),
          Map.entry("agent.files", Set.of("agent.chat", "agent.http")),
          Map.entry("agent.mcp", Set.of("agent.chat")),
          Map.entry("agent.model", Set.of("agent.chat")),
          Map.entry("agent.offline", Set.of("agent.chat")),
          Map.entry("config", Set.of()),
          Map.entry("http", Set.of("config")),
          Map.entry("protocol", Set.of("config")),
          Map.entry("auth", Set.of("config", "http")),
          Map.entry("stream", Set.of("config", "http", "connection")),
          Map.entry("ops", Set.of("config", "http")),
          Map.entry("trace", Set.of("config", "http")),
          Map.entry("page", Set.of("config", "http", "auth")),
          Map.entry("enrich", Set.of("config", "http", "protocol", "auth")),
          Map.entry("upstream", Set.of("config", "http", "protocol", "auth", "stream")),
          Map.entry(
              "relay",
              Set.of(
                  "config",
                  "http",
                  "protocol",
                  "auth",
                  "enrich",
                  "upstream",
                  "stream",
                  "trace",
                  "connection")),
          Map.entry("check", Set.of("config", "auth", "upstream", "http")),
          Map.entry("demo", both(GATE, Set.of("agent", "check"))));

  /// Every library with few homes, and its homes; `` is the root.
  private static final Map<String, Set<String>> HOMES =
      Map.ofEntries(
          Map.entry("okhttp3..", Set.of("auth", "upstream", "agent.model", "agent.mcp")),
          Map.entry("okhttp3.sse..", Set.of("agent.model")),
          Map.entry("java.sql..", Set.of("agent.store")),
          Map.entry("com.zaxxer..", Set.of("agent.store")),
          Map.entry("org.flywaydb..", Set.of("agent.store")),
          Map.entry("io.modelcontextprotocol..", Set.of("agent.mcp", "demo")),
          Map.entry("okio..", Set.of("auth", "upstream", "agent.model")),
          Map.entry("com.nimbusds..", Set.of("auth", "agent", "demo")),
          Map.entry("org.snakeyaml..", Set.of("config")),
          Map.entry("picocli..", Set.of("")),
          Map.entry("java.net.http..", Set.of("check", "agent.mcp")),
          Map.entry("com.github.benmanes..", Set.of("auth", "http", "agent.mcp")),
          Map.entry("io.github.bucket4j..", Set.of("http")),
          Map.entry("org.apache.commons.text..", Set.of("config", "demo")),
          Map.entry("tools.jackson.core..", Set.of("auth", "protocol", "enrich", "agent", "check")),
          Map.entry("ch.qos.logback..", Set.of("")),
          Map.entry("net.logstash..", Set.of("")),
          Map.entry("sun..", Set.of()),
          Map.entry("io.opentelemetry..", Set.of("trace")),
          Map.entry("java.util.logging..", Set.of("trace")));

  private static Set<String> both(Set<String> some, Set<String> more) {
    return Stream.concat(some.stream(), more.stream()).collect(Collectors.toUnmodifiableSet());
  }

  private static String[] packages(Set<String> rooms) {
    return rooms.stream()
        .map(room -> room.isEmpty() ? ROOT : ROOT + "." + room + "..")
        .toArray(String[]::new);
  }

  static Set<Map.Entry<String, Set<String>>> rooms() {
    return MAY_KNOW.entrySet();
  }

  static Set<Map.Entry<String, Set<String>>> homes() {
    return HOMES.entrySet();
  }

  @Test
  void everyPackageIsARoomOfThePlan() {
    Set<String> found =
        PRODUCT.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> !name.equals(ROOT))
            .map(name -> name.substring(ROOT.length() + 1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(new TreeSet<>(MAY_KNOW.keySet()), found);
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void arrowsPointDownward(Map.Entry<String, Set<String>> room) {
    Set<String> known = both(room.getValue(), Set.of(room.getKey()));
    noClasses()
        .that()
        .resideInAPackage(ROOT + "." + room.getKey() + "..")
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAPackage(ROOT + "..")
                .and(
                    DescribedPredicate.not(
                        JavaClass.Predicates.resideInAnyPackage(packages(known)))))
        .because(room.getKey() + " may know only " + room.getValue())
        .check(PRODUCT);
  }

  @Test
  void roomsFormNoCycle() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(PRODUCT);
    slices().matching(ROOT + ".agent.(*)..").should().beFreeOfCycles().check(PRODUCT);
  }

  @Test
  void nothingKnowsTheRoot() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT)
        .check(PRODUCT);
  }

  @Test
  void agentIsKnownToTheRootAndTheDemoOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackages(packages(Set.of("", "demo", "agent")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + ".agent..")
        .check(PRODUCT);
  }

  @Test
  void wholeConfigurationIsSeenByFew() {
    noClasses()
        .that()
        .resideOutsideOfPackages(packages(Set.of("", "config", "check", "demo")))
        .should()
        .dependOnClassesThat()
        .areAssignableTo(GatehouseConfig.class)
        .because("a feature gets its own record")
        .check(PRODUCT);
  }

  @ParameterizedTest
  @MethodSource("homes")
  void librariesStayAtHome(Map.Entry<String, Set<String>> library) {
    noClasses()
        .that()
        .resideOutsideOfPackages(packages(library.getValue()))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library.getKey())
        .check(PRODUCT);
  }

  @ParameterizedTest
  @MethodSource("homes")
  void libraryHomesAreLivedIn(Map.Entry<String, Set<String>> library) {
    for (String home : library.getValue()) {
      assertTrue(
          PRODUCT.stream()
              .filter(JavaClass.Predicates.resideInAnyPackage(packages(Set.of(home))))
              .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
              .anyMatch(dependency ->
                  JavaClass.Predicates.resideInAPackage(library.getKey())
                      .test(dependency.getTargetClass())),
          () -> library.getKey() + " no longer lives in " + home);
    }
  }

  @Test
  void namesSayWhatAThingIs() {
    for (String suffix : List.of("Util", "Utils", "Helper", "Manager", "Impl")) {
      noClasses().should().haveSimpleNameEndingWith(suffix).check(PRODUCT);
    }
    for (String prefix : List.of("Abstract", "Base")) {
      noClasses().should().haveSimpleNameStartingWith(prefix).check(PRODUCT);
    }
  }

  @Test
  void classesAreFinal() {
    classes()
        .that()
        .areNotInterfaces()
        .and()
        .areNotEnums()
        .and()
        .areNotAnonymousClasses()
        .and()
        .doNotHaveModifier(JavaModifier.SYNTHETIC)
        .should()
        .haveModifier(JavaModifier.FINAL)
        .check(PRODUCT);
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<String> unmarked =
        PRODUCT.stream()
            .map(JavaClass::getPackage)
            .filter(room -> !room.isAnnotatedWith(NullMarked.class))
            .map(JavaPackage::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(ROOT + ".launch"), unmarked);
  }
}
