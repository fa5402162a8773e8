package dev.gatehouse.auth;

import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Why a token was turned away. Operators see the word in the debug log; clients see only the code
/// it belongs to, so that nobody learns from the answer how to forge a better one.
enum Refusal {
  NOT_A_COMPACT_JWS(ProblemCode.INVALID_TOKEN),
  NOT_A_BEARER_TOKEN(ProblemCode.INVALID_TOKEN),
  NOT_SEALED(ProblemCode.INVALID_TOKEN),
  SEAL(ProblemCode.INVALID_TOKEN),
  INACTIVE(ProblemCode.INVALID_TOKEN),
  TOO_LONG(ProblemCode.INVALID_TOKEN),
  MALFORMED_HEADER(ProblemCode.INVALID_TOKEN),
  ALGORITHM(ProblemCode.INVALID_TOKEN),
  TYPE(ProblemCode.INVALID_TOKEN),
  CRITICAL_HEADER(ProblemCode.INVALID_TOKEN),
  KEY_ID(ProblemCode.INVALID_TOKEN),
  NO_FITTING_KEY(ProblemCode.INVALID_TOKEN),
  SIGNATURE(ProblemCode.INVALID_TOKEN),
  MALFORMED_CLAIMS(ProblemCode.INVALID_TOKEN),
  ISSUER(ProblemCode.INVALID_TOKEN),
  AUDIENCE(ProblemCode.INVALID_TOKEN),
  SUBJECT(ProblemCode.INVALID_TOKEN),
  SENDER_CONSTRAINED(ProblemCode.INVALID_TOKEN),
  MALFORMED_TIME(ProblemCode.INVALID_TOKEN),
  NOT_YET_VALID(ProblemCode.INVALID_TOKEN),
  ISSUED_AHEAD(ProblemCode.INVALID_TOKEN),
  EXPIRED(ProblemCode.TOKEN_EXPIRED),
  REQUIRED_CLAIM(ProblemCode.INSUFFICIENT_SCOPE),
  REQUIRED_SCOPE(ProblemCode.INSUFFICIENT_SCOPE);

  private static final Logger log = LoggerFactory.getLogger(Refusal.class);

  private final ProblemCode code;

  Refusal(ProblemCode code) {
    this.code = code;
  }

  /// The answer, with its challenge (RFC 6750, 3.1), ready to be thrown.
  ProblemException exception() {
    log.debug("token refused: {}", this);
    return switch (code) {
      case TOKEN_EXPIRED -> challenge("invalid_token", "The session has expired; sign in again.");
      case INSUFFICIENT_SCOPE -> challenge("insufficient_scope", "The token does not permit this.");
      default -> challenge("invalid_token", "The token was not accepted; sign in again.");
    };
  }

  private ProblemException challenge(String error, String detail) {
    return Problem.of(code, detail)
        .because(name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .with("WWW-Authenticate", "Bearer error=\"" + error + "\"")
        .exception();
  }
}
