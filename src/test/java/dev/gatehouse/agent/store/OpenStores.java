package dev.gatehouse.agent.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/// An empty store in each of the databases, for all tests of a class; whoever wants to be alone is
/// another person.
final class OpenStores implements ArgumentsProvider {

  @Override
  public Stream<? extends Arguments> provideArguments(
      ParameterDeclarations parameters, ExtensionContext context) {
    return Arrays.stream(Databases.values()).map(OpenStores::open);
  }

  private static Arguments open(Databases kind) {
    try {
      Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "store");
      return Arguments.argumentSet(kind.name(), Store.open(kind.fresh(folder)));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
