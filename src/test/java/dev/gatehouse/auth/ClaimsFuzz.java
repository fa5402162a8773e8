package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Any header and claims, signed by the issuer itself; the first line is the header. What is
/// accepted meets every rule, and what meets every rule is accepted.
public final class ClaimsFuzz {
  private static final KnownIssuer ISSUER = new KnownIssuer();
  private static final Set<String> TYPES = Set.of("at+jwt", "jwt");

  private ClaimsFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\n');
    if (end <= 0 || end == text.length() - 1) {
      return;
    }
    String header = text.substring(0, end);
    String claims = text.substring(end + 1);
    Optional<String> wanted =
        object(header)
            .filter(ClaimsFuzz::isRightHeader)
            .flatMap(_ -> object(claims))
            .flatMap(ClaimsFuzz::subject);
    String token = ISSUER.sign(header, claims);
    try {
      assertEquals(wanted, Optional.of(ISSUER.judge().judge(token).subject()));
    } catch (ProblemException e) {
      KnownIssuer.assertDeclared(e);
      assertTrue(wanted.isEmpty() || token.length() > 8192, "a token that meets all rules");
    }
  }

  private static Optional<ObjectNode> object(String latin) {
    return StrictJson.object(latin.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static boolean isRightHeader(ObjectNode header) {
    JsonNode kid = header.get("kid");
    JsonNode typ = header.get("typ");
    return !header.has("crit")
        && !header.has("b64")
        && header.path("alg").isString()
        && header.path("alg").stringValue().equals("EdDSA")
        && (kid == null || (kid.isString() && kid.stringValue().equals(KnownIssuer.KEY_ID)))
        && (typ == null || (typ.isString() && isAccessToken(typ.stringValue())));
  }

  private static boolean isAccessToken(String type) {
    return TYPES.stream()
        .anyMatch(known ->
            known.equalsIgnoreCase(type) || ("application/" + known).equalsIgnoreCase(type));
  }

  private static Optional<String> subject(ObjectNode claims) {
    BigDecimal now = BigDecimal.valueOf(KnownIssuer.NOW.getEpochSecond());
    BigDecimal skew = BigDecimal.valueOf(30);
    boolean holds =
        claims.path("iss").isString()
            && claims.path("iss").stringValue().equals(KnownIssuer.NAME)
            && audience(claims.path("aud")).contains(KnownIssuer.AUDIENCE)
            && !claims.has("cnf")
            && claims.path("exp").isNumber()
            && isTime(claims.path("exp"))
            && whole(claims.path("exp")).compareTo(now.subtract(skew)) > 0
            && isPast(claims.get("nbf"), now.add(skew))
            && isPast(claims.get("iat"), now.add(skew));
    return Optional.of(claims.path("sub"))
        .filter(sub -> holds && sub.isString())
        .map(JsonNode::stringValue)
        .filter(sub -> !sub.isEmpty() && sub.length() <= 255 && isPrintable(sub));
  }

  private static boolean isPrintable(String text) {
    return text.equals(text.strip())
        && text.codePoints()
            .noneMatch(c -> Character.isISOControl(c) || (c >= 0xd800 && c <= 0xdfff));
  }

  private static boolean isPast(@Nullable JsonNode time, BigDecimal end) {
    return time == null || (time.isNumber() && isTime(time) && whole(time).compareTo(end) <= 0);
  }

  private static boolean isTime(JsonNode number) {
    BigDecimal seconds = number.decimalValue();
    return seconds.signum() >= 0 && seconds.compareTo(new BigDecimal("253402300799")) <= 0;
  }

  private static BigDecimal whole(JsonNode number) {
    return new BigDecimal(number.decimalValue().toBigInteger());
  }

  private static List<String> audience(JsonNode claim) {
    if (claim.isString()) {
      return List.of(claim.stringValue());
    }
    boolean strings = claim.isArray() && claim.values().stream().allMatch(JsonNode::isString);
    return strings ? claim.values().stream().map(JsonNode::stringValue).toList() : List.of();
  }
}
