package dev.gatehouse;

import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;

/// What a start would wait for longest, left out where nobody needs it, and else begun on another
/// core while the configuration is read: whoever needs it later waits for the rest of it only, and
/// nothing depends on it having been begun.
final class HeadStart {
  /// Without it Jetty starts all of JMX to compute this, which is 64 bytes by 4.
  private static final String JETTY_REFERENCES = "org.eclipse.jetty.util.referencesPerCacheLine";

  /// Without it Jetty has Java read what is known of some thousand locales, to have their names. What
  /// the gate writes is in English and in standard formats, which no locale changes.
  private static final String LOCALES = "java.locale.providers";

  private HeadStart() {}

  static void begin() {
    System.setProperty(JETTY_REFERENCES, "16");
    if (System.getProperty(LOCALES) == null) {
      System.setProperty(LOCALES, "SPI");
    }
    Thread.ofPlatform().daemon().name("start-tls").start(HeadStart::trust);
  }

  /// The certificates that the issuer's is judged by.
  private static void trust() {
    try {
      SSLContext.getDefault();
    } catch (NoSuchAlgorithmException _) {
      // whoever needs it will say so
    }
  }
}
