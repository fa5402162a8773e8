package dev.gatehouse;

import java.math.BigDecimal;
import java.security.Security;

/// What libraries do at the start: what nobody needs is left out, and what takes longest is begun
/// on another core while the configuration is read. Nothing depends on it having been begun.
final class HeadStart {
  /// Without it Jetty starts all of JMX to compute this, which is 64 bytes by 4.
  private static final String JETTY_REFERENCES = "org.eclipse.jetty.util.referencesPerCacheLine";

  /// Without it Jetty has Java read what is known of some thousand locales, to have their names.
  /// What the gate writes is in English and in standard formats, which no locale changes.
  private static final String LOCALES = "java.locale.providers";

  private HeadStart() {}

  static void begin() {
    System.setProperty(JETTY_REFERENCES, "16");
    if (System.getProperty(LOCALES) == null) {
      System.setProperty(LOCALES, "SPI");
    }
    Thread.ofPlatform().daemon().name("head-start").start(HeadStart::touch);
  }

  /// What issuers are spoken with asks for the first, and what keys are read with for the second,
  /// which computes some powers of ten that are large.
  private static void touch() {
    Security.getProviders();
    BigDecimal.ONE.signum();
  }
}
