package dev.gatehouse.demo;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.UUID;

/// An issuer for the demo, on loopback only: its key is made at start and gone with the process.
public final class DemoIdentityProvider implements AutoCloseable {
  /// The `aud` of its tokens.
  public static final String AUDIENCE = "demo-agent";

  /// How long its tokens are valid.
  static final Duration LIFETIME = Duration.ofHours(1);

  private final ECKey key;
  private final InstantSource clock;
  private final IssuerPages pages;

  private DemoIdentityProvider(ECKey key, InstantSource clock, IssuerPages pages) {
    this.key = key;
    this.clock = clock;
    this.pages = pages;
  }

  /// Serves its metadata and keys once it returns.
  ///
  /// @throws IOException if no port can be bound
  public static DemoIdentityProvider start() throws IOException {
    return start(InstantSource.system());
  }

  static DemoIdentityProvider start(InstantSource clock) throws IOException {
    ECKey key = newKey();
    return new DemoIdentityProvider(key, clock, IssuerPages.serve(key.toPublicJWK()));
  }

  /// The `iss` of its tokens, and the address of its metadata without the well-known path.
  public String issuer() {
    return pages.issuer();
  }

  /// Where its public key is published.
  public URI jwksUri() {
    return pages.jwksUri();
  }

  /// A fresh access token (RFC 9068) in compact form; never to be printed.
  public String issue(DemoUser user) {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(new JOSEObjectType("at+jwt"))
            .keyID(key.getKeyID())
            .build();
    SignedJWT token = new SignedJWT(header, claims(user));
    try {
      token.sign(new ECDSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException("the demo key cannot sign", e);
    }
    return token.serialize();
  }

  @Override
  public void close() {
    pages.close();
  }

  private JWTClaimsSet claims(DemoUser user) {
    Instant now = clock.instant();
    return new JWTClaimsSet.Builder()
        .issuer(issuer())
        .audience(AUDIENCE)
        .subject(user.subject())
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plus(LIFETIME)))
        .jwtID(UUID.randomUUID().toString())
        .claim("name", user.fullName())
        .claim("email", user.email())
        .build();
  }

  private static ECKey newKey() {
    try {
      return new ECKeyGenerator(Curve.P_256)
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.ES256)
          .keyIDFromThumbprint(true)
          .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("this Java cannot make a P-256 key", e);
    }
  }
}
