package dev.gatehouse.config;

import static dev.gatehouse.config.Refusals.accept;
import static dev.gatehouse.config.Refusals.assertRefused;
import static dev.gatehouse.config.Refusals.file;
import static dev.gatehouse.config.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditConfigTest {
  private static final String KEY = "0123456789abcdef";

  private static AuditConfig audit(String line) {
    return accept(file("audit: {" + line + "}", "", "")).audit();
  }

  @Test
  void auditIsOnAndAddressesAreHashedByDefault() {
    assertEquals(new AuditConfig(true, Optional.empty(), AuditConfig.Addresses.HASHED), audit(""));
    assertEquals(AuditConfig.Addresses.PLAIN, audit("addresses: plain").addresses());
    assertFalse(audit("enabled: false").enabled());
  }

  @Test
  void keyMayStandInAFileAndNeverPrints(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("key"), KEY + "\n");
    AuditConfig audit = audit("key: 'file:" + file + "'");
    assertEquals(Optional.of(new Secret(KEY)), audit.key());
    assertFalse(audit.toString().contains(KEY));
  }

  @Test
  void shortKeyIsRefusedWithoutBeingQuoted() {
    assertRefused("audit: {key: 0123456789abcde}", "audit.key", "at least 16 characters");
    assertFalse(refusal("audit: {key: 0123456789abcde}").contains("abcde"));
  }

  @Test
  void slipsStopTheStart() {
    assertRefused("audit: {enable: true}", "audit.enable", "did you mean 'enabled'?");
    assertRefused("audit: {enabled: yes}", "audit.enabled", "must be true or false");
    assertRefused("audit: {addresses: hash}", "audit.addresses", "did you mean 'hashed'?");
    assertRefused("cross-site: {mode: log-onyl}", "cross-site.mode", "did you mean 'log-only'?");
    assertRefused("cross-site: {mode: off}", "cross-site.mode", "unknown value 'off'");
    assertRefused("cross-site: {mode: LOG-ONLY}", "cross-site.mode", "unknown value");
    assertRefused("cross-site: {mode: ''}", "cross-site.mode", "unknown value");
  }

  @Test
  void postureHasNothingOfTheOperatorsOwn() {
    GatehouseConfig config =
        accept(
            file(
                "audit: {key: "
                    + KEY
                    + "}\n"
                    + "server: {public-origins: ['https://canary.example'],"
                    + " rate-limit: {per-user: {requests: 5}}}\n"
                    + "cross-site: {allowed-origins: ['https://canary.example']}",
                "",
                ""));
    Map<String, Object> facts = Posture.of(config).facts();
    assertEquals("configured", facts.get("auditKey"));
    assertEquals("5 per 60s", facts.get("ratePerUser"));
    assertEquals("enforce", facts.get("crossSite"));
    assertEquals(1, facts.get("allowedOrigins"));
    assertEquals(1, facts.get("routes"));
    assertEquals(17, facts.size());
    assertFalse(facts.toString().contains("canary"), facts::toString);
    assertFalse(facts.toString().contains(KEY), facts::toString);
  }
}
