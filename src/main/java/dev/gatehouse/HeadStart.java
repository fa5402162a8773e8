package dev.gatehouse;

import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import javax.net.ssl.SSLContext;

/// What a start waits for longest, begun on other cores while the configuration is read. Whoever
/// needs it later waits for the rest of it only, and nothing depends on it having been begun.
/// Logging is not among it: what is logged by others while it comes up is logged late and with a
/// warning.
final class HeadStart {
  /// Without it Jetty starts all of JMX to compute this, which is 64 bytes by 4.
  private static final String JETTY_REFERENCES = "org.eclipse.jetty.util.referencesPerCacheLine";

  private HeadStart() {}

  static void begin() {
    System.setProperty(JETTY_REFERENCES, "16");
    begin("locales", Locale::getAvailableLocales);
    begin("tls", HeadStart::trust);
  }

  private static void begin(String name, Runnable task) {
    Thread.ofPlatform().daemon().name("start-" + name).start(task);
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
