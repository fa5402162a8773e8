package dev.gatehouse.agent.http;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
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
import dev.gatehouse.agent.chat.BearerToken;
import dev.gatehouse.agent.chat.Person;
import java.net.MalformedURLException;
import java.net.URI;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// From an `Authorization` header to a [Caller], against the issuer's published keys.
public final class BearerCheck {
  private static final Logger LOG = LoggerFactory.getLogger(BearerCheck.class);
  private static final Pattern BEARER =
      Pattern.compile("bearer +([A-Za-z0-9._-]+)", Pattern.CASE_INSENSITIVE);
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256);
  private static final JWKSelector ANY_KEY = new JWKSelector(new JWKMatcher.Builder().build());
  private static final int CLOCK_SKEW_SECONDS = 30;
  private static final int FETCH_MILLIS = 2000;
  private static final int MOST_KEY_BYTES = 256 * 1024;

  private final DefaultJWTProcessor<SecurityContext> processor;
  private final JWKSource<SecurityContext> keys;

  private BearerCheck(
      DefaultJWTProcessor<SecurityContext> processor, JWKSource<SecurityContext> keys) {
    this.processor = processor;
    this.keys = keys;
  }

  /// Fetches the issuer's keys when they are needed.
  ///
  /// @throws MalformedURLException if there can be none at that address
  public static BearerCheck of(TrustSettings settings) throws MalformedURLException {
    return with(settings, keys(settings.jwksUri()));
  }

  /// Knows the issuer's keys and fetches none.
  public static BearerCheck knowing(TrustSettings settings, JWKSet keys) {
    return with(settings, new ImmutableJWKSet<>(keys));
  }

  private static BearerCheck with(TrustSettings settings, JWKSource<SecurityContext> keys) {
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    // The last one stands for a token without `typ`.
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            new JOSEObjectType("at+jwt"), JOSEObjectType.JWT, null));
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
    DefaultJWTClaimsVerifier<SecurityContext> claims =
        new DefaultJWTClaimsVerifier<>(
            settings.audience(),
            new JWTClaimsSet.Builder().issuer(settings.issuer()).build(),
            Set.of("exp", "sub"));
    claims.setMaxClockSkew(CLOCK_SKEW_SECONDS);
    processor.setJWTClaimsSetVerifier(claims);
    return new BearerCheck(processor, keys);
  }

  /// The person behind the request's one `Authorization` header, and the token that says so.
  ///
  /// @throws Refusal if there is no header, more than one, or a token that does not hold
  public Caller caller(List<String> authorization) {
    if (authorization.isEmpty()) {
      throw Refusal.notAuthenticated();
    }
    Matcher bearer = BEARER.matcher(authorization.getFirst());
    if (authorization.size() > 1 || !bearer.matches()) {
      throw Refusal.invalidToken();
    }
    String token = bearer.group(1);
    return new Caller(person(verified(token)), new BearerToken(token));
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
      // Asked for a moment ago: either no key has this kid, or the issuer never answered.
      throw haveKeys() ? Refusal.invalidToken() : Refusal.keysUnavailable();
    } catch (KeySourceException e) {
      throw Refusal.keysUnavailable();
    } catch (ParseException | BadJOSEException | JOSEException e) {
      throw Refusal.invalidToken();
    }
  }

  /// Fetches the issuer's keys ahead, if it answers; else the first request tries again.
  public void prepare() {
    boolean ready = haveKeys();
    LOG.debug("signing keys are {}", ready ? "here" : "not here yet");
  }

  private boolean haveKeys() {
    try {
      return !keys.get(ANY_KEY, null).isEmpty();
    } catch (KeySourceException e) {
      return false;
    }
  }

  private static JWKSource<SecurityContext> keys(URI jwksUri) throws MalformedURLException {
    DefaultResourceRetriever fetch =
        new DefaultResourceRetriever(FETCH_MILLIS, FETCH_MILLIS, MOST_KEY_BYTES);
    return JWKSourceBuilder.<SecurityContext>create(jwksUri.toURL(), fetch)
        // It would hold a thread beyond the server's life; a fetch now and then may wait.
        .refreshAheadCache(false)
        .retrying(true)
        .outageTolerant(true)
        .build();
  }
}
