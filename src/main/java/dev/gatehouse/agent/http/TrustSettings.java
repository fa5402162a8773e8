package dev.gatehouse.agent.http;

import java.net.URI;

/// Whose tokens are accepted.
///
/// @param issuer the exact `iss`
/// @param jwksUri where the issuer publishes its signing keys
/// @param audience what `aud` has to contain
public record TrustSettings(String issuer, URI jwksUri, String audience) {}
