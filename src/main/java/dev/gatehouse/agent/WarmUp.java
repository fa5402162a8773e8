package dev.gatehouse.agent;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.agent.chat.Responder;
import dev.gatehouse.agent.files.FileSettings;
import dev.gatehouse.agent.http.BearerCheck;
import dev.gatehouse.agent.http.TrustSettings;
import dev.gatehouse.agent.model.ModelResponder;
import dev.gatehouse.agent.offline.OfflineResponder;
import dev.gatehouse.agent.store.StoreSettings;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Whole turns against a twin of the agent that has its own port, issuer and model, and is gone
/// before the agent listens. What it leaves behind is classes that are loaded and code that is
/// compiled.
///
/// The twin has a database of its own as well if that is a file. A server is asked itself, in the
/// name of somebody whom no issuer knows, and each conversation is deleted before the next.
final class WarmUp {
  private static final int TURNS = 40;
  private static final String ISSUER = "https://warm-up.invalid";
  private static final String AUDIENCE = "warm-up";
  private static final String QUESTION =
      """
      {"type":"threads.create","params":{"input":{"content":[{"type":"input_text","text":"Hi"}],\
      "quoted_text":"","attachments":[],"inference_options":{}}},"metadata":{}}\
      """;
  private static final String NOBODY = "nobody@warm-up.invalid";
  private static final Pattern THREAD = Pattern.compile("\"id\":\"(thr_[0-9a-f]+)\"");
  private static final String THREADS = "{\"type\":\"threads.list\",\"params\":{}}";

  private WarmUp() {}

  /// @throws IOException if this machine lets nobody write temporary files or listen on loopback,
  ///   or the store cannot be opened
  static void run(AgentSettings settings, Responder responder) throws IOException {
    Path data = Files.createTempDirectory("gatehouse-agent");
    try (Understudy model = Understudy.start()) {
      run(data, store(settings.store(), data), standIn(responder, model));
    } catch (JOSEException e) {
      throw new IOException("no key for a warm-up", e);
    } finally {
      delete(data);
    }
  }

  private static Responder standIn(Responder responder, Understudy model) {
    return responder instanceof ModelResponder known
        ? known.at(model.baseUrl())
        : new OfflineResponder(Duration.ZERO);
  }

  private static StoreSettings store(StoreSettings real, Path data) {
    String url = real.isFile() ? "jdbc:sqlite:" + data.resolve("agent.db") : real.url();
    return new StoreSettings(url, real.user(), real.password(), Duration.ZERO);
  }

  private static void run(Path data, StoreSettings store, Responder responder)
      throws IOException, JOSEException {
    ECKey key = new ECKeyGenerator(Curve.P_256).keyID("warm-up").generate();
    String token = token(key);
    TrustSettings trust = new TrustSettings(ISSUER, URI.create(ISSUER), AUDIENCE);
    BearerCheck bearers = BearerCheck.knowing(trust, new JWKSet(key.toPublicJWK()));
    try (AgentServer twin =
        AgentServer.start(
            settings(data, trust, store), bearers, responder, Optional.empty(), Patience.USUAL)) {
      for (int i = 0; i < TURNS; i++) {
        post(twin.uri(), token, QUESTION);
        // Those are found as well that a start left behind which did not come so far.
        Matcher found = THREAD.matcher(post(twin.uri(), token, THREADS));
        while (found.find()) {
          post(
              twin.uri(),
              token,
              "{\"type\":\"threads.delete\",\"params\":{\"thread_id\":\"%s\"}}"
                  .formatted(found.group(1)));
        }
      }
    }
  }

  private static AgentSettings settings(Path data, TrustSettings trust, StoreSettings store) {
    return new AgentSettings(
        "127.0.0.1",
        0,
        trust,
        store,
        new FileSettings(data.resolve("files"), 1, Optional.empty()),
        List.of(),
        1,
        TURNS,
        false);
  }

  private static String token(ECKey key) throws JOSEException {
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .audience(AUDIENCE)
            .subject(NOBODY)
            .expirationTime(Date.from(Instant.now().plus(Duration.ofMinutes(5))))
            .build();
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build();
    SignedJWT token = new SignedJWT(header, claims);
    token.sign(new ECDSASigner(key));
    return token.serialize();
  }

  /// @return nothing if there is nothing any more to be deleted
  private static String post(URI agent, String token, String body) throws IOException {
    HttpURLConnection call = (HttpURLConnection) agent.resolve("/chatkit").toURL().openConnection();
    call.setRequestMethod("POST");
    call.setDoOutput(true);
    call.setRequestProperty("Authorization", "Bearer " + token);
    call.setRequestProperty("Content-Type", "application/json");
    call.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    try (InputStream answer = call.getInputStream()) {
      return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
    } catch (FileNotFoundException _) {
      return ""; // by another agent that starts on the same database
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
