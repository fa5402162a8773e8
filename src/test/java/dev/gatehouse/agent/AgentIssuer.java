package dev.gatehouse.agent;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.function.UnaryOperator;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/// An issuer whose tokens can be bent and whose key set can fail.
public final class AgentIssuer implements AutoCloseable {
  public static final String ISSUER = "https://issuer.example.com";
  public static final String AUDIENCE = "demo-agent";
  static final ECKey EC = ecKey("ec");
  static final RSAKey RSA = rsaKey();

  private final MockWebServer server = new MockWebServer();
  private volatile boolean down;

  public AgentIssuer() {
    String keys = new JWKSet(List.of(EC.toPublicJWK(), RSA.toPublicJWK())).toString();
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return down
                ? new MockResponse.Builder().code(500).build()
                : new MockResponse.Builder().body(keys).build();
          }
        });
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// From now on the key set cannot be fetched.
  void goDown() {
    down = true;
  }

  public URI jwksUri() {
    return server.url("/jwks").uri();
  }

  /// A good token of a person.
  public static String token(String subject, String name) {
    return token(claims -> claims.subject(subject).claim("name", name));
  }

  /// A good token, but for what is changed.
  static String token(UnaryOperator<JWTClaimsSet.Builder> change) {
    return sign(header(JWSAlgorithm.ES256, "ec").build(), change.apply(goodClaims()), EC);
  }

  static JWSHeader.Builder header(JWSAlgorithm algorithm, String keyId) {
    return new JWSHeader.Builder(algorithm).keyID(keyId).type(new JOSEObjectType("at+jwt"));
  }

  static JWTClaimsSet.Builder goodClaims() {
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .subject("user-1")
        .expirationTime(Date.from(Instant.now().plusSeconds(600)));
  }

  static String sign(JWSHeader header, JWTClaimsSet.Builder claims, JWK key) {
    SignedJWT token = new SignedJWT(header, claims.build());
    try {
      JWSSigner signer = new DefaultJWSSignerFactory().createJWSSigner(key, header.getAlgorithm());
      token.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return token.serialize();
  }

  static ECKey ecKey(String keyId) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(keyId).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.close();
  }

  private static RSAKey rsaKey() {
    try {
      return new RSAKeyGenerator(2048).keyID("rsa").generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
