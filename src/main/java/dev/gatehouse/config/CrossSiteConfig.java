package dev.gatehouse.config;

import java.util.List;

/// Who but the page's own origin may call.
///
/// @param mode what becomes of requests from elsewhere
/// @param allowedOrigins further origins, exact
/// @param requireHeader whether every unsafe request must also carry `X-CSRF: 1`
public record CrossSiteConfig(Mode mode, List<Origin> allowedOrigins, boolean requireHeader) {

  /// What holds where the file is silent.
  public static final CrossSiteConfig DEFAULTS =
      new CrossSiteConfig(Mode.ENFORCE, List.of(), false);

  /// What becomes of requests that the guard objects to.
  public enum Mode {
    /// They are refused.
    ENFORCE("enforce"),
    /// They go on and are counted, to find out what would break.
    LOG_ONLY("log-only");

    private final String text;

    Mode(String text) {
      this.text = text;
    }

    /// The word in the file.
    public String text() {
      return text;
    }
  }

  public CrossSiteConfig {
    allowedOrigins = List.copyOf(allowedOrigins);
  }
}
