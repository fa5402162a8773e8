package dev.gatehouse.check;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/// A JSON Web Key Set (RFC 7517), as far as one can tell from outside whether it is of use.
record KeySet(JsonNode keys) {

  static KeySet of(JsonNode document) {
    return new KeySet(document.path("keys"));
  }

  /// How many keys could have signed a token with one of these algorithms.
  long usableFor(Set<String> algorithms) {
    return keys.valueStream().filter(key -> isUsable(key, algorithms)).count();
  }

  private static boolean isUsable(JsonNode key, Set<String> algorithms) {
    return isForSignatures(key) && algorithms.stream().anyMatch(name -> fits(key, name));
  }

  private static boolean isForSignatures(JsonNode key) {
    return key.path("use").asString("sig").equals("sig") && !key.has("d");
  }

  private static boolean fits(JsonNode key, String algorithm) {
    if (!key.path("alg").asString(algorithm).equals(algorithm)) {
      return false;
    }
    String type = key.path("kty").asString("");
    String curve = key.path("crv").asString("");
    return switch (algorithm) {
      case "ES256" -> type.equals("EC") && curve.equals("P-256");
      case "ES384" -> type.equals("EC") && curve.equals("P-384");
      case "ES512" -> type.equals("EC") && curve.equals("P-521");
      case "EdDSA", "Ed25519" -> type.equals("OKP") && curve.equals("Ed25519");
      default -> type.equals("RSA");
    };
  }
}
