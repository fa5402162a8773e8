package dev.gatehouse.auth;

import com.nimbusds.jose.util.Base64URL;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// A token taken apart (RFC 7515, 7.1), nothing of it verified.
///
/// @param signingInput what the signature is over, in ASCII
/// @param payload still encoded, so that nobody reads claims before the signature
record CompactJws(ObjectNode header, String signingInput, String payload, Base64URL signature) {

  private static final int MAX_LENGTH = 8192;

  /// Takes a token apart, or refuses it.
  static CompactJws parse(String token) {
    if (token.length() > MAX_LENGTH) {
      throw Refusal.TOO_LONG.exception();
    }
    List<String> parts = List.of(token.split("\\.", -1));
    if (parts.size() != 3) {
      throw Refusal.NOT_A_COMPACT_JWS.exception();
    }
    byte[] header = decode(parts.get(0)).orElseThrow(Refusal.NOT_A_COMPACT_JWS::exception);
    if (decode(parts.get(2)).isEmpty()) {
      throw Refusal.NOT_A_COMPACT_JWS.exception();
    }
    return new CompactJws(
        StrictJson.object(header).orElseThrow(Refusal.MALFORMED_HEADER::exception),
        parts.get(0) + "." + parts.get(1),
        parts.get(1),
        new Base64URL(parts.get(2)));
  }

  /// The claims; to be believed only after the signature was verified.
  ObjectNode claims() {
    return decode(payload)
        .flatMap(StrictJson::object)
        .orElseThrow(Refusal.MALFORMED_CLAIMS::exception);
  }

  // The decoder ignores stray bits at the end; encoding again shows that there are none, so that a
  // token has one spelling only.
  private static Optional<byte[]> decode(String part) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(part);
      return bytes.length > 0
              && Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)
          ? Optional.of(bytes)
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
