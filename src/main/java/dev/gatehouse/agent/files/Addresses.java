package dev.gatehouse.agent.files;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The signed addresses of files: whoever has one needs nothing else.
final class Addresses {
  /// How long an address for an upload holds.
  static final Duration UPLOAD = Duration.ofHours(1);

  private static final Pattern QUERY =
      Pattern.compile("expires=([0-9]{1,12})&signature=([A-Za-z0-9_-]{43})");

  private final URI base;
  private final AddressKey key;
  private final InstantSource clock;

  Addresses(URI base, AddressKey key, InstantSource clock) {
    this.base = base;
    this.key = key;
    this.clock = clock;
  }

  URI upload(String id) {
    return address(Purpose.UPLOAD, id, clock.instant().plus(UPLOAD));
  }

  /// Holds for at least an hour and less than two: the same all through an hour, so that a browser
  /// that shows a conversation again has its images already.
  URI content(String id) {
    Instant hour = clock.instant().truncatedTo(ChronoUnit.HOURS);
    return address(Purpose.CONTENT, id, hour.plus(Duration.ofHours(2)));
  }

  /// How long an address still holds, if it does.
  ///
  /// @param query as the client sent it
  Optional<Duration> left(Purpose purpose, String id, @Nullable String query) {
    Matcher parts = QUERY.matcher(query == null ? "" : query);
    if (!Cabinet.isId(id) || !parts.matches()) {
      return Optional.empty();
    }
    long expires = Long.parseLong(parts.group(1));
    Duration left = Duration.between(clock.instant(), Instant.ofEpochSecond(expires));
    return isSame(key.sign(purpose, id, expires), parts.group(2)) && left.isPositive()
        ? Optional.of(left)
        : Optional.empty();
  }

  private URI address(Purpose purpose, String id, Instant until) {
    long expires = until.getEpochSecond();
    String signature = key.sign(purpose, id, expires);
    return URI.create(base + "/files/" + id + "?expires=" + expires + "&signature=" + signature);
  }

  /// In a time that does not tell how much of it is right.
  private static boolean isSame(String right, String given) {
    return MessageDigest.isEqual(
        right.getBytes(StandardCharsets.US_ASCII), given.getBytes(StandardCharsets.US_ASCII));
  }
}
