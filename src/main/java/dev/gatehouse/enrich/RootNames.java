package dev.gatehouse.enrich;

import java.util.Optional;

/// The members of a body's root that are worth knowing.
///
/// @param operation the one that names the operation, if there is one
/// @param call the one that an answer has to repeat, if there is one
record RootNames(Optional<String> operation, Optional<String> call) {
  static final RootNames NONE = new RootNames(Optional.empty(), Optional.empty());
}
