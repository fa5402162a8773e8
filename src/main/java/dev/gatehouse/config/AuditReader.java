package dev.gatehouse.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads the `audit` of a file.
final class AuditReader {
  private AuditReader() {}

  static AuditConfig audit(Section section) {
    AuditConfig defaults = AuditConfig.DEFAULTS;
    boolean enabled = section.value("enabled", Amount::truth).orElse(defaults.enabled());
    Optional<Secret> key = section.value("key", Secret::parse);
    AuditConfig.Addresses addresses =
        section.choice("addresses", addresses()).orElse(defaults.addresses());
    return section.build(defaults, () -> new AuditConfig(enabled, key, addresses));
  }

  private static Map<String, AuditConfig.Addresses> addresses() {
    Map<String, AuditConfig.Addresses> names = new LinkedHashMap<>();
    for (AuditConfig.Addresses way : AuditConfig.Addresses.values()) {
      names.put(way.name().toLowerCase(Locale.ROOT), way);
    }
    return names;
  }
}
