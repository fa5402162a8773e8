package dev.gatehouse.auth;

import dev.gatehouse.config.AuthConfig;
import dev.gatehouse.config.CookieConfig;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out who a request comes from, by its cookie and nothing else.
public final class Authenticator {
  private static final Logger log = LoggerFactory.getLogger(Authenticator.class);

  private final SessionCookie cookie;
  private final TokenVerifier verifier;

  private Authenticator(SessionCookie cookie, TokenVerifier verifier) {
    this.cookie = cookie;
    this.verifier = verifier;
  }

  /// An authenticator for these settings; says once in the log what of them is risky.
  public static Authenticator of(
      CookieConfig cookie, AuthConfig auth, SigningKeys keys, InstantSource clock) {
    if (!cookie.name().startsWith("__Host-")) {
      log.warn(
          "cookie.name has no __Host- prefix: other hosts of the same domain can set this cookie");
    }
    if (auth.audience().contains("*")) {
      log.warn("auth.audience is *: tokens that the issuer made for others are accepted too");
    }
    return new Authenticator(
        new SessionCookie(cookie.name()), new TokenVerifier(auth, keys, clock));
  }

  /// Who sent the request.
  ///
  /// @throws ProblemException if the cookie or its token is missing, ambiguous or refused, or the
  ///   token cannot be judged for lack of keys
  public Caller authenticate(HttpServletRequest request) {
    return verifier.verify(cookie.read(request));
  }

  /// Who sent the request, or nobody if it would be refused.
  ///
  /// @throws ProblemException with [ProblemCode#KEYS_UNAVAILABLE], because then nobody can tell
  public Optional<Caller> present(HttpServletRequest request) {
    try {
      return Optional.of(authenticate(request));
    } catch (ProblemException e) {
      if (e.problem().code() == ProblemCode.KEYS_UNAVAILABLE) {
        throw e;
      }
      return Optional.empty();
    }
  }
}
