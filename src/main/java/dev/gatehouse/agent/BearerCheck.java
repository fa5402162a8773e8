package dev.gatehouse.agent;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.net.MalformedURLException;
import java.net.URI;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// From an `Authorization` header to a [Person], against the issuer's published keys.
final class BearerCheck {
  private static final Pattern BEARER =
      Pattern.compile("bearer +([A-Za-z0-9._-]+)", Pattern.CASE_INSENSITIVE);
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256);
  private static final int CLOCK_SKEW_SECONDS = 30;
  private static final int FETCH_MILLIS = 2000;
  private static final int MOST_KEY_BYTES = 256 * 1024;

  private final DefaultJWTProcessor<SecurityContext> processor;

  private BearerCheck(DefaultJWTProcessor<SecurityContext> processor) {
    this.processor = processor;
  }

  static BearerCheck of(AgentSettings settings) throws MalformedURLException {
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    // The last one stands for a token without `typ`.
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            new JOSEObjectType("at+jwt"), JOSEObjectType.JWT, null));
    processor.setJWSKeySelector(keys(settings.jwksUri()));
    DefaultJWTClaimsVerifier<SecurityContext> claims =
        new DefaultJWTClaimsVerifier<>(
            settings.audience(),
            new JWTClaimsSet.Builder().issuer(settings.issuer()).build(),
            Set.of("exp", "sub"));
    claims.setMaxClockSkew(CLOCK_SKEW_SECONDS);
    processor.setJWTClaimsSetVerifier(claims);
    return new BearerCheck(processor);
  }

  /// The person behind the request's one `Authorization` header.
  ///
  /// @throws Refusal if there is no header, more than one, or a token that does not hold
  Person person(List<String> authorization) {
    if (authorization.isEmpty()) {
      throw Refusal.notAuthenticated();
    }
    Matcher bearer = BEARER.matcher(authorization.getFirst());
    if (authorization.size() > 1 || !bearer.matches()) {
      throw Refusal.invalidToken();
    }
    return person(verified(bearer.group(1)));
  }

  private static Person person(JWTClaimsSet claims) {
    if (claims.getSubject().isBlank()) {
      throw Refusal.invalidToken();
    }
    Optional<String> name =
        Optional.ofNullable(claims.getClaim("name"))
            .filter(String.class::isInstance)
            .map(String.class::cast);
    return new Person(claims.getSubject(), name);
  }

  private JWTClaimsSet verified(String token) {
    try {
      return processor.process(token, null);
    } catch (RateLimitReachedException e) {
      // Keys are there, but none with this kid, and it was asked for a moment ago.
      throw Refusal.invalidToken();
    } catch (KeySourceException e) {
      throw Refusal.keysUnavailable();
    } catch (ParseException | BadJOSEException | JOSEException e) {
      throw Refusal.invalidToken();
    }
  }

  private static JWSVerificationKeySelector<SecurityContext> keys(URI jwksUri)
      throws MalformedURLException {
    DefaultResourceRetriever fetch =
        new DefaultResourceRetriever(FETCH_MILLIS, FETCH_MILLIS, MOST_KEY_BYTES);
    return new JWSVerificationKeySelector<>(
        ALGORITHMS,
        JWKSourceBuilder.<SecurityContext>create(jwksUri.toURL(), fetch)
            .retrying(true)
            .outageTolerant(true)
            .build());
  }
}
