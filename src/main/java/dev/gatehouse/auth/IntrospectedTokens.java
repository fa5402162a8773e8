package dev.gatehouse.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.config.AuthConfig;
import dev.gatehouse.http.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Tokens that the issuer vouches for, asked about each of them (RFC 7662). What it says is
/// remembered for a short while, by hash; bad answers apart from good ones, so that a flood of the
/// one does not push out the other.
final class IntrospectedTokens implements TokenJudge {
  private static final int REMEMBERED = 5_000;
  private static final int REMEMBERED_BAD = 1_000;
  private static final int QUESTIONS = 64;
  private static final Duration BAD_FOR = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
  private static final Logger log = LoggerFactory.getLogger(IntrospectedTokens.class);

  private final IntrospectionEndpoint endpoint;
  private final ClaimRules rules;
  private final Duration cached;
  private final InstantSource clock;
  private final AuthListener listener;
  private final Duration timeout;
  private final Cache<TokenHash, Verdict> good =
      Caffeine.newBuilder().maximumSize(REMEMBERED).build();
  private final Cache<TokenHash, Verdict> bad =
      Caffeine.newBuilder().maximumSize(REMEMBERED_BAD).build();
  private final ConcurrentMap<TokenHash, FutureTask<Verdict>> asking = new ConcurrentHashMap<>();
  private final Semaphore questions = new Semaphore(QUESTIONS);

  IntrospectedTokens(
      AuthConfig.Introspection config,
      Duration timeout,
      InstantSource clock,
      AuthListener listener) {
    this.endpoint = new IntrospectionEndpoint(config, timeout);
    this.rules = new ClaimRules(config.issuer(), clock);
    this.cached = config.introspection().cache();
    this.clock = clock;
    this.listener = listener;
    this.timeout = timeout;
  }

  static IntrospectedTokens open(
      AuthConfig.Introspection config, InstantSource clock, AuthListener listener) {
    IntrospectedTokens tokens = new IntrospectedTokens(config, ANSWER_TIMEOUT, clock, listener);
    tokens.endpoint.find();
    return tokens;
  }

  @Override
  public Caller judge(String token) {
    TokenForm.BEARER.checked(token);
    TokenHash hash = TokenHash.of(token);
    return switch (remembered(hash).orElseGet(() -> answer(hash, token))) {
      case Verdict.Good known -> known.claims().presenting(token);
      case Verdict.Bad refused -> throw refused.why();
      case Verdict.None _ -> throw SigningKeys.unavailable();
    };
  }

  @Override
  public Map<String, BooleanSupplier> conditions() {
    return Map.of("introspection-endpoint", endpoint::known);
  }

  @Override
  public void close() {
    endpoint.close();
  }

  private Optional<Verdict> remembered(TokenHash hash) {
    return fresh(good.getIfPresent(hash)).or(() -> fresh(bad.getIfPresent(hash)));
  }

  private Optional<Verdict> fresh(@Nullable Verdict verdict) {
    return Optional.ofNullable(verdict).filter(known -> clock.instant().isBefore(known.until()));
  }

  /// Whoever asks about a token that is being asked about waits for that answer.
  private Verdict answer(TokenHash hash, String token) {
    FutureTask<Verdict> mine = new FutureTask<>(() -> ask(hash, token));
    FutureTask<Verdict> first = asking.putIfAbsent(hash, mine);
    if (first == null) {
      try {
        mine.run();
      } finally {
        asking.remove(hash, mine);
      }
    }
    try {
      return (first == null ? mine : first).get();
    } catch (ExecutionException e) {
      log.error("a token could not be judged ({})", nameOf(e.getCause()));
      return new Verdict.None();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Verdict.None();
    }
  }

  private static String nameOf(@Nullable Throwable failure) {
    return failure == null ? "unknown" : failure.getClass().getSimpleName();
  }

  private Verdict ask(TokenHash hash, String token) throws InterruptedException {
    // Another may have got the answer between our look and our question.
    Optional<Verdict> known = remembered(hash);
    if (known.isPresent()) {
      return known.get();
    }
    if (!questions.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      listener.introspected(RefreshResult.TIMED_OUT.text());
      return new Verdict.None();
    }
    try {
      return judged(hash, endpoint.ask(token));
    } catch (IssuerException e) {
      log.warn("the issuer does not say whether a token is active: {}", e.result().text());
      listener.introspected(e.result().text());
      return new Verdict.None();
    } finally {
      questions.release();
    }
  }

  private Verdict judged(TokenHash hash, Optional<ObjectNode> answer) {
    listener.introspected(answer.isPresent() ? "active" : "inactive");
    Instant now = clock.instant();
    try {
      VerifiedClaims claims = rules.checkAnswer(answer.orElseThrow(Refusal.INACTIVE::exception));
      Instant latest = now.plus(cached);
      Verdict verdict =
          new Verdict.Good(claims, claims.expiresAt().filter(latest::isAfter).orElse(latest));
      good.put(hash, verdict);
      return verdict;
    } catch (ProblemException e) {
      Verdict verdict =
          new Verdict.Bad(e, now.plus(cached.compareTo(BAD_FOR) < 0 ? cached : BAD_FOR));
      bad.put(hash, verdict);
      return verdict;
    }
  }

  /// What came of a question.
  private sealed interface Verdict {

    /// Until when it need not be asked again: never past the end of the token.
    Instant until();

    record Good(VerifiedClaims claims, Instant until) implements Verdict {}

    record Bad(ProblemException why, Instant until) implements Verdict {}

    /// Nobody can tell; not remembered.
    record None() implements Verdict {

      @Override
      public Instant until() {
        return Instant.MIN;
      }
    }
  }
}
