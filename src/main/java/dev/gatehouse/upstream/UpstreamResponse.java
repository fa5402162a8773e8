package dev.gatehouse.upstream;

import dev.gatehouse.stream.ByteSource;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import okhttp3.Protocol;
import okhttp3.Response;
import okio.BufferedSource;
import okio.Okio;

/// The headers of an answer, and its body as it arrives.
public final class UpstreamResponse implements ByteSource, AutoCloseable {
  private static final int PARTIAL_CONTENT = 206;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  /// Bytes that are passed on at once, if they are there. OkHttp gives a quarter of it.
  private static final int MANY = 32 * 1024;

  private final Response response;
  private final BufferedSource source;
  private final Arrival arrival;
  private final ResponseHeaders rules;
  private final Runnable cancel;
  private final Clients.Place place;
  private final long least;
  private final long most;
  private long received;
  private boolean ended;
  private ScopedValue.Carrier waiting = ScopedValue.where(ReadAhead.BEFORE_WAIT, () -> {});

  private UpstreamResponse(
      Response response, ResponseHeaders rules, Runnable cancel, Clients.Place place) {
    this.cancel = cancel;
    this.place = place;
    this.response = response;
    this.source = response.body().source();
    this.arrival = Companions.of(response.request()).arrival();
    this.rules = rules;
    this.least = hasBody() ? length().orElse(0) : 0;
    this.most = hasBody() ? length().orElse(Long.MAX_VALUE) : 0;
  }

  static UpstreamResponse of(
      Response response, ResponseHeaders rules, Runnable cancel, Clients.Place place) {
    return new UpstreamResponse(response, rules, cancel, place);
  }

  /// The upstream's status.
  public int status() {
    return response.code();
  }

  /// Hands on the headers that may pass.
  public void headers(BiConsumer<String, String> sink) {
    rules.copy(response.request().url(), response.headers(), sink);
  }

  /// The `Content-Length` the upstream promised, if it did.
  public OptionalLong length() {
    String length = response.header("Content-Length");
    return length == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(length));
  }

  /// The `Content-Type`, if there is one.
  public Optional<String> contentType() {
    return Optional.ofNullable(response.header("Content-Type"));
  }

  /// Whether the body is all of a document in the clear: no part of one, not compressed, and no
  /// file to be kept.
  public boolean isPlainDocument() {
    return response.code() != PARTIAL_CONTENT
        && response.header("Content-Encoding") == null
        && response.header("Content-Disposition") == null;
  }

  /// Whether there is a body at all (RFC 9110 section 6.4.1).
  public boolean hasBody() {
    return !"HEAD".equals(response.request().method())
        && response.code() != NO_CONTENT
        && response.code() != NOT_MODIFIED;
  }

  /// Whether the first read gives bytes without a wait.
  public boolean hasBegun() {
    return arrival.hasBegun();
  }

  /// Whether the upstream decides itself who may keep the answer.
  public boolean saysWhetherToStore() {
    return response.header("Cache-Control") != null;
  }

  /// Whether the body is an event stream.
  public boolean isEventStream() {
    String type = response.header("Content-Type", "");
    return type != null && HeaderNames.lower(type).startsWith("text/event-stream");
  }

  /// Whether the body is an event stream in the clear.
  public boolean isPlainEventStream() {
    return isEventStream() && hasBody() && response.header("Content-Encoding") == null;
  }

  /// Whether the body is an event stream that a line can be put into: of no set length and plain.
  public boolean isOpenEventStream() {
    return isPlainEventStream() && length().isEmpty();
  }

  /// Whether nothing but the end of the connection ends the body, so that nobody can tell a whole
  /// one from one that broke off (RFC 9112 section 6.3).
  public boolean endsByClosing() {
    return !isHttp2()
        && hasBody()
        && response.header("Content-Length") == null
        && response.header("Transfer-Encoding") == null;
  }

  /// Waits for bytes and takes what is there. Those in OkHttp's buffers are copied: these go from
  /// one user's answer to the next and must not be in use any more when this one is closed. What
  /// was taken past them is in an array that nobody else gets to fill.
  ///
  /// @return what came; nothing after a complete answer
  /// @throws IOException if the answer broke off
  @Override
  public Optional<ByteBuffer> read() throws IOException {
    return waiting.call(this::take);
  }

  private Optional<ByteBuffer> take() throws IOException {
    if (!ended && received < most) {
      ByteBuffer content = arrival.read(source);
      if (content.hasRemaining()) {
        return Optional.of(content);
      }
    }
    ended = source.exhausted();
    while (hasMore() && arrival.hasMore(source)) {
      ended = !source.request(held() + 1);
    }
    long count = held();
    received += count;
    if (received > most || (ended && received < least)) {
      throw new ProtocolException("not as long as announced"); // OkHttp looks over HTTP/1.1 only
    }
    return count == 0
        ? Optional.empty()
        : Optional.of(ByteBuffer.wrap(source.readByteArray(count)));
  }

  /// Whether there may be more of the body, and room for it.
  private boolean hasMore() {
    return !ended && held() < Math.min(MANY, most - received);
  }

  private long held() {
    return source.getBuffer().size();
  }

  @Override
  public boolean isSilent() {
    return !ended
        && received < most // else OkHttp may have given the connection to another already
        && held() == 0
        && arrival.isSilent(source);
  }

  @Override
  public boolean carry(Step step, Runnable then) throws IOException {
    return isSilent() && arrival.carry(source, step, then);
  }

  @Override
  public boolean beforeWaits(Runnable action) {
    waiting = ScopedValue.where(ReadAhead.BEFORE_WAIT, action);
    return arrival.isByReader();
  }

  /// Closes the connection without reading on; a read that waits fails.
  public void cancel() {
    cancel.run();
  }

  @Override
  public void close() {
    try {
      if (isHttp2()) {
        giveBack();
      }
      response.close();
    } finally {
      place.close();
    }
  }

  /// OkHttp grants a connection the bytes it receives, and then again those nobody has read when
  /// their stream is closed: after many such streams that is more than there may be (RFC 9113
  /// section 6.9.1), and the connection fails with all that is on it. So nothing is left unread.
  private void giveBack() {
    cancel.run();
    try {
      source.readAll(Okio.blackhole());
    } catch (IOException _) {
      // what was there is read; more will not come
    }
  }

  private boolean isHttp2() {
    return response.protocol() == Protocol.HTTP_2
        || response.protocol() == Protocol.H2_PRIOR_KNOWLEDGE;
  }
}
