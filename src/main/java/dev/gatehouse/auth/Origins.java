package dev.gatehouse.auth;

import dev.gatehouse.config.Origin;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/// A set of web origins, in the one spelling in which browsers send them (RFC 6454, 6.2).
record Origins(Set<String> serialized) {

  Origins {
    serialized = Set.copyOf(serialized);
  }

  static Origins of(Collection<Origin> origins) {
    Set<String> serialized = new HashSet<>();
    for (Origin origin : origins) {
      serialized.add(serialize(origin));
    }
    return new Origins(serialized);
  }

  /// Whether the value of an `Origin` header is one of these, to the letter; `null` never is.
  boolean contains(String header) {
    return serialized.contains(header);
  }

  boolean isEmpty() {
    return serialized.isEmpty();
  }

  private static String serialize(Origin origin) {
    boolean bareAddress = origin.host().contains(":") && !origin.host().startsWith("[");
    String host = bareAddress ? "[" + origin.host() + "]" : origin.host();
    boolean usual =
        switch (origin.scheme()) {
          case "http" -> origin.port() == 80;
          case "https" -> origin.port() == 443;
          default -> false;
        };
    return origin.scheme() + "://" + host + (usual ? "" : ":" + origin.port());
  }
}
