package dev.gatehouse.auth;

import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import java.util.Locale;

/// Why the guard takes a request for one that another site had a browser send.
enum Objection {
  /// A header it goes by is there twice.
  REPEATED_HEADER,
  /// The browser says that it comes from elsewhere.
  FETCH_SITE,
  /// Its origin is no allowed one.
  ORIGIN,
  /// Nothing says where it comes from.
  NO_EVIDENCE,
  /// It may change something, and `X-CSRF` is demanded.
  HEADER_REQUIRED,
  /// It carries what is not JSON, without `X-CSRF`.
  UPLOAD;

  /// The word in logs and metrics.
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The refusal, ready to be thrown.
  ProblemException exception() {
    String detail =
        switch (this) {
          case REPEATED_HEADER, FETCH_SITE, ORIGIN, NO_EVIDENCE ->
              "The request does not come from a page of this origin.";
          case HEADER_REQUIRED, UPLOAD -> "The request must carry the header X-CSRF: 1.";
        };
    return Problem.of(ProblemCode.CROSS_SITE_REQUEST, detail).because(text()).exception();
  }
}
