package dev.gatehouse.enrich;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gatehouse.auth.Caller;
import dev.gatehouse.auth.TestCaller;
import dev.gatehouse.config.ContextConfig;
import dev.gatehouse.config.ProtocolName;
import dev.gatehouse.http.Pseudonyms;
import dev.gatehouse.protocol.Protocols;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Enrichers, a caller and page contexts to try them with.
final class Enriching {
  static final Caller CALLER = TestCaller.of("u-1", Map.of("id", "u-1"));

  /// What a target must carry for that caller.
  static final String USER = "\"userId\":\"u-1\",\"userInfo\":{\"id\":\"u-1\"}";

  /// Of users, before the model.
  static final Pseudonyms NAMES = Pseudonyms.under(Optional.empty());

  static final Optional<PageContext> NONE = Optional.empty();

  private Enriching() {}

  static Enricher chatKit() {
    return Enricher.of(
        new ContextConfig(true, 1024, Optional.empty()), Protocols.of(ProtocolName.CHATKIT), NAMES);
  }

  static Enricher aiSdk() {
    return Enricher.of(
        new ContextConfig(true, 1024, Optional.empty()), Protocols.of(ProtocolName.AI_SDK), NAMES);
  }

  static Enricher at(String... pointers) {
    return Enricher.of(
        new ContextConfig(true, 1024, Optional.of(List.of(pointers))),
        Protocols.of(ProtocolName.JSON),
        NAMES);
  }

  static Enricher withoutPageAt(String... pointers) {
    return Enricher.of(
        new ContextConfig(false, 1024, Optional.of(List.of(pointers))),
        Protocols.of(ProtocolName.JSON),
        NAMES);
  }

  static Optional<PageContext> page(String json) {
    return PageContext.fromHeader(List.of(base64Url(json)), 1024);
  }

  static String base64Url(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  static EnrichedBody enrich(Enricher enricher, String body) {
    return enricher.enrich(body.getBytes(StandardCharsets.UTF_8), CALLER, NONE, NONE);
  }

  static String text(EnrichedBody body) {
    return new String(bytes(body), StandardCharsets.UTF_8);
  }

  static byte[] bytes(EnrichedBody body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      body.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertEquals(out.size(), body.length());
    return out.toByteArray();
  }
}
