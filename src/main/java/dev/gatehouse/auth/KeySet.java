package dev.gatehouse.auth;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The keys of an issuer that may verify tokens (RFC 7517, 5).
record KeySet(List<VerificationKey> keys) {
  // Tokens that name no key are tried against all that fit; more than this is work for an attacker.
  private static final int MAX_TRIES = 16;

  KeySet {
    keys = List.copyOf(keys);
  }

  /// Reads a key set, leaving out what cannot verify tokens.
  static KeySet parse(byte[] json) throws IssuerException {
    ObjectNode set =
        StrictJson.object(json).orElseThrow(() -> new IssuerException(RefreshResult.MALFORMED));
    if (!set.path("keys").isArray()) {
      throw new IssuerException(RefreshResult.MALFORMED);
    }
    List<VerificationKey> usable =
        set.path("keys").values().stream()
            .map(JsonNode::toString)
            .map(VerificationKey::parse)
            .flatMap(Optional::stream)
            .toList();
    if (usable.isEmpty()) {
      throw new IssuerException(RefreshResult.NO_USABLE_KEY);
    }
    return new KeySet(usable);
  }

  boolean holds(String keyId) {
    return keys.stream().anyMatch(key -> key.keyId().equals(Optional.of(keyId)));
  }

  /// The keys a token with this header may have been signed with.
  List<VerificationKey> fitting(TokenHeader header) {
    return keys.stream()
        .filter(key -> header.keyId().isEmpty() || key.keyId().equals(header.keyId()))
        .filter(key -> key.algorithms().contains(header.algorithm()))
        .limit(MAX_TRIES)
        .toList();
  }
}
