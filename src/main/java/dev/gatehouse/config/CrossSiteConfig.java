package dev.gatehouse.config;

import java.util.List;

/// Who but the page's own origin may call.
///
/// @param allowedOrigins further origins, exact
/// @param requireHeader whether every unsafe request must also carry `X-CSRF: 1`
public record CrossSiteConfig(List<Origin> allowedOrigins, boolean requireHeader) {

  /// What holds where the file is silent.
  public static final CrossSiteConfig DEFAULTS = new CrossSiteConfig(List.of(), false);

  public CrossSiteConfig {
    allowedOrigins = List.copyOf(allowedOrigins);
  }
}
