package dev.gatehouse.auth;

import dev.gatehouse.config.AuthConfig;
import dev.gatehouse.config.CookieConfig;
import dev.gatehouse.config.EncryptionConfig;
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
  private final Optional<CookieSeal> seal;
  private final boolean acceptPlain;
  private final TokenJudge judge;

  private Authenticator(
      SessionCookie cookie, Optional<CookieSeal> seal, boolean acceptPlain, TokenJudge judge) {
    this.cookie = cookie;
    this.seal = seal;
    this.acceptPlain = acceptPlain;
    this.judge = judge;
  }

  /// An authenticator for these settings; says once in the log what of them is risky.
  ///
  /// @param judge opened with the same settings
  public static Authenticator of(
      CookieConfig cookie, AuthConfig auth, TokenJudge judge, InstantSource clock) {
    if (!cookie.isHostBound()) {
      log.warn(
          "cookie.name has no __Host- prefix: other hosts of the same domain can set this cookie");
    }
    if (auth.acceptsAnyAudience()) {
      log.warn("auth.audience is *: tokens that the issuer made for others are accepted too");
    }
    boolean acceptPlain = cookie.encryption().map(EncryptionConfig::acceptPlain).orElse(true);
    if (acceptPlain && cookie.encryption().isPresent()) {
      log.warn("cookie.encryption.accept-plain is true: cookies may hold a bare token");
    }
    return new Authenticator(
        new SessionCookie(cookie.name()),
        cookie.encryption().map(encryption -> CookieSeal.of(encryption, clock)),
        acceptPlain,
        judge);
  }

  /// Who sent the request.
  ///
  /// @throws ProblemException if the cookie or its token is missing, ambiguous or refused, or
  ///   nobody can judge the token at the moment
  public Caller authenticate(HttpServletRequest request) {
    return judge.judge(token(cookie.read(request)));
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

  private String token(String value) {
    if (seal.isEmpty() || (acceptPlain && !CookieSeal.isSealed(value))) {
      return value;
    }
    if (!CookieSeal.isSealed(value)) {
      throw Refusal.NOT_SEALED.exception();
    }
    return seal.get().open(value).orElseThrow(Refusal.SEAL::exception);
  }
}
