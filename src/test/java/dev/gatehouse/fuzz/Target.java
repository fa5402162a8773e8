package dev.gatehouse.fuzz;

import dev.gatehouse.auth.ClaimsFuzz;
import dev.gatehouse.auth.CookieHeaderFuzz;
import dev.gatehouse.auth.OriginFuzz;
import dev.gatehouse.auth.TokenFuzz;
import dev.gatehouse.config.ConfigFuzz;
import dev.gatehouse.enrich.BodyFuzz;
import dev.gatehouse.enrich.PageContextFuzz;
import dev.gatehouse.http.ForwardedFuzz;
import dev.gatehouse.stream.EventStreamFuzz;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/// What is fuzzed. The kept inputs of each stand in a folder of its name.
enum Target {
  BODY(BodyFuzz.class),
  CLAIMS(ClaimsFuzz.class),
  CONFIG(ConfigFuzz.class),
  COOKIE_HEADER(CookieHeaderFuzz.class),
  EVENT_STREAM(EventStreamFuzz.class),
  FORWARDED(ForwardedFuzz.class),
  ORIGIN(OriginFuzz.class),
  PAGE_CONTEXT(PageContextFuzz.class),
  TOKEN(TokenFuzz.class);

  private final Class<?> type;

  Target(Class<?> type) {
    this.type = type;
  }

  /// The class that the fuzzer is given.
  String className() {
    return type.getName();
  }

  /// Passes, or throws what the fuzzer would report.
  void check(byte[] input) throws IOException {
    switch (this) {
      case BODY -> BodyFuzz.fuzzerTestOneInput(input);
      case CLAIMS -> ClaimsFuzz.fuzzerTestOneInput(input);
      case CONFIG -> ConfigFuzz.fuzzerTestOneInput(input);
      case COOKIE_HEADER -> CookieHeaderFuzz.fuzzerTestOneInput(input);
      case EVENT_STREAM -> EventStreamFuzz.fuzzerTestOneInput(input);
      case FORWARDED -> ForwardedFuzz.fuzzerTestOneInput(input);
      case ORIGIN -> OriginFuzz.fuzzerTestOneInput(input);
      case PAGE_CONTEXT -> PageContextFuzz.fuzzerTestOneInput(input);
      case TOKEN -> TokenFuzz.fuzzerTestOneInput(input);
    }
  }

  /// Where its inputs are kept.
  Path kept() {
    return Path.of("src", "test", "resources", "fuzz", toString());
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
