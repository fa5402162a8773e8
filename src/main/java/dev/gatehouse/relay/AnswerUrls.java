package dev.gatehouse.relay;

import dev.gatehouse.enrich.PublicUrls;
import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.stream.ByteSource;
import dev.gatehouse.stream.ProgressClock;
import dev.gatehouse.upstream.UpstreamResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/// The bodies of one request's answers, with the agent's own URLs in them turned into public ones
/// where the route says so. A JSON document is held for that until it is whole, of an event stream
/// one line; everything else goes out as it comes, and so does a document above the limit.
///
/// @param origin what the public ones begin with
/// @param share what the room for a held document is taken from
record AnswerUrls(PublicUrls urls, String origin, BodyRoom.Share share) {
  private static final int LARGEST = 1024 * 1024;

  /// The body to send.
  ///
  /// @param source where its bytes come from
  /// @param clock to be told of each wait
  /// @throws dev.gatehouse.http.ProblemException if it broke off, or there is no room for it
  AnswerBody body(UpstreamResponse answer, ByteSource source, ProgressClock clock) {
    if (urls.isEmpty()) {
      return new AnswerBody(answer.length(), source);
    }
    if (answer.isPlainEventStream()) {
      ByteSource events = new RewrittenEvents(source, data -> urls.in(data, origin));
      return new AnswerBody(OptionalLong.empty(), events);
    }
    boolean json =
        answer.isPlainDocument() && answer.contentType().filter(JsonType::matches).isPresent();
    if (!json || answer.length().orElse(0) > LARGEST) {
      return new AnswerBody(answer.length(), source);
    }
    return answer.hasBody()
        ? document(answer.length(), source, clock)
        : new AnswerBody(OptionalLong.empty(), source);
  }

  private AnswerBody document(OptionalLong announced, ByteSource source, ProgressClock clock) {
    ByteArrayOutputStream held = new ByteArrayOutputStream();
    for (Optional<ByteBuffer> bytes = next(source, clock);
        bytes.isPresent();
        bytes = next(source, clock)) {
      ByteBuffer part = bytes.get();
      share.take(part.remaining());
      held.write(part.array(), part.arrayOffset() + part.position(), part.remaining());
      if (held.size() > LARGEST) {
        return new AnswerBody(announced, AnswerBody.joined(held.toByteArray(), source));
      }
    }
    byte[] before = held.toByteArray();
    byte[] document = urls.in(before, origin);
    return new AnswerBody(
        OptionalLong.of(document.length),
        AnswerBody.joined(document, Optional::empty),
        !Arrays.equals(before, document));
  }

  private static Optional<ByteBuffer> next(ByteSource source, ProgressClock clock) {
    clock.reading();
    try {
      return source.read();
    } catch (IOException _) {
      throw Problem.of(ProblemCode.UPSTREAM_UNREACHABLE, "The agent server broke off its answer")
          .exception();
    }
  }
}
