package dev.gatehouse.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class DemoIdentityProviderTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final OkHttpClient http = new OkHttpClient();
  private final DemoIdentityProvider provider;

  DemoIdentityProviderTest() throws IOException {
    provider = DemoIdentityProvider.start(() -> NOW);
  }

  @AfterEach
  void stop() {
    provider.close();
    http.connectionPool().evictAll();
  }

  @Test
  void issuerIsOnLoopback() throws IOException {
    assertTrue(InetAddress.getByName(URI.create(provider.issuer()).getHost()).isLoopbackAddress());
  }

  @Test
  void bothMetadataDocumentsNameTheIssuerAndItsKeys() throws IOException {
    String openId = text("/.well-known/openid-configuration");
    assertEquals(openId, text("/.well-known/oauth-authorization-server"));
    JsonNode metadata = JsonMapper.shared().readTree(openId);
    assertEquals(provider.issuer(), metadata.at("/issuer").stringValue());
    assertEquals(provider.jwksUri().toString(), metadata.at("/jwks_uri").stringValue());
  }

  @Test
  void publishedKeyIsForSigningAndHasNoPrivatePart() throws Exception {
    JWK key = publishedKey();
    assertEquals(KeyUse.SIGNATURE, key.getKeyUse());
    assertEquals(JWSAlgorithm.ES256, key.getAlgorithm());
    assertFalse(key.getKeyID().isBlank());
    assertFalse(key.isPrivate());
  }

  @Test
  void tokenVerifiesWithThePublishedKey() throws Exception {
    SignedJWT token = SignedJWT.parse(provider.issue(DemoUser.READER));
    JWK key = publishedKey();
    assertEquals(key.getKeyID(), token.getHeader().getKeyID());
    assertEquals(new JOSEObjectType("at+jwt"), token.getHeader().getType());
    assertTrue(token.verify(new ECDSAVerifier(key.toECKey())));
  }

  @Test
  void tokenSaysWhoItIsForAndEndsAfterAnHour() throws Exception {
    JWTClaimsSet claims = SignedJWT.parse(provider.issue(DemoUser.EDITOR)).getJWTClaimsSet();
    assertEquals(provider.issuer(), claims.getIssuer());
    assertEquals(List.of("demo-agent"), claims.getAudience());
    assertEquals("demo-editor", claims.getSubject());
    assertEquals("Demo Editor", claims.getStringClaim("name"));
    assertEquals("editor@example.com", claims.getStringClaim("email"));
    assertEquals(Date.from(NOW), claims.getIssueTime());
    assertEquals(Date.from(NOW.plusSeconds(3600)), claims.getExpirationTime());
  }

  @Test
  void everyProviderHasAKeyOfItsOwn() throws Exception {
    try (DemoIdentityProvider other = DemoIdentityProvider.start()) {
      SignedJWT token = SignedJWT.parse(other.issue(DemoUser.READER));
      assertNotEquals(publishedKey().getKeyID(), token.getHeader().getKeyID());
    }
  }

  @Test
  void otherPathsAreNotFound() throws IOException {
    try (Response response = get("/token")) {
      assertEquals(404, response.code());
    }
  }

  private JWK publishedKey() throws Exception {
    List<JWK> keys = JWKSet.parse(text("/jwks")).getKeys();
    assertEquals(1, keys.size());
    return keys.getFirst();
  }

  private String text(String path) throws IOException {
    try (Response response = get(path)) {
      assertEquals(200, response.code());
      assertEquals("application/json", response.header("Content-Type"));
      return response.body().string();
    }
  }

  private Response get(String path) throws IOException {
    return http.newCall(new Request.Builder().url(provider.issuer() + path).build()).execute();
  }
}
