package dev.gatehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The table of rules in SECURITY.md names tests: there they are.
final class SecurityTableTest {
  private static final int FEWEST_RULES = 30;
  private static final Pattern NAME = Pattern.compile("`(\\w+(?:#\\w+)?)`");
  private static final JavaClasses TESTS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.OnlyIncludeTests())
          .importPackages("dev.gatehouse");

  private static List<String> rules() throws IOException {
    return Files.readAllLines(Path.of("SECURITY.md")).stream()
        .dropWhile(line -> !line.startsWith("## Rules"))
        .skip(1)
        .takeWhile(line -> !line.startsWith("## "))
        .filter(line -> line.startsWith("| "))
        .skip(1) // its head
        .map(line -> line.split("\\|", -1)[3])
        .toList();
  }

  private static Stream<String> names(JavaClass type) {
    String name = type.getSimpleName();
    return Stream.concat(
        Stream.of(name), type.getMethods().stream().map(method -> name + "#" + method.getName()));
  }

  @Test
  void everyRuleNamesTestsThatAreThere() throws IOException {
    Set<String> known =
        TESTS.stream().flatMap(SecurityTableTest::names).collect(Collectors.toSet());
    List<String> rules = rules();
    assertTrue(rules.size() >= FEWEST_RULES, () -> "only " + rules.size() + " rules");
    for (String tests : rules) {
      List<String> named = NAME.matcher(tests).results().map(found -> found.group(1)).toList();
      assertTrue(!named.isEmpty(), tests);
      assertEquals(List.of(), named.stream().filter(name -> !known.contains(name)).toList());
    }
  }
}
