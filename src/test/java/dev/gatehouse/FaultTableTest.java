package dev.gatehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The faults to survive are numbered, in the table of CONTRIBUTING.md; each is at least one test
/// whose name begins with its number, in the room that answers it.
final class FaultTableTest {
  private static final int FAULTS = 30;
  private static final Pattern NUMBERED = Pattern.compile("fault([0-9]{2})[A-Z].*");
  private static final JavaClasses TESTS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.OnlyIncludeTests())
          .importPackages("dev.gatehouse");

  @Test
  void everyFaultIsATest() {
    TreeSet<Integer> tested =
        TESTS.stream()
            .flatMap(type -> type.getMethods().stream())
            .map(JavaMethod::getName)
            .flatMap(name -> NUMBERED.matcher(name).results())
            .map((MatchResult result) -> Integer.valueOf(result.group(1)))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(IntStream.rangeClosed(1, FAULTS).boxed().toList(), List.copyOf(tested));
  }
}
