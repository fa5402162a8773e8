package dev.gatehouse.testing;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/// Gives every class of tests the same packaged gates, one of each posture, which run until the
/// last test is over.
public final class PackagedGates implements ArgumentsProvider {
  private static final ExtensionContext.Namespace OURS =
      ExtensionContext.Namespace.create(PackagedGates.class);

  @Override
  public Stream<Arguments> provideArguments(
      ParameterDeclarations parameters, ExtensionContext context) {
    ExtensionContext.Store store = context.getRoot().getStore(OURS);
    return Arrays.stream(PackagedGate.Posture.values())
        .map(posture ->
            store.computeIfAbsent(posture, key -> PackagedGate.start(key), PackagedGate.class))
        .map(Arguments::of);
  }
}
