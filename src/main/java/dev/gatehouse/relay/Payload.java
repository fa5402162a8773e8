package dev.gatehouse.relay;

import dev.gatehouse.enrich.EnrichedBody;
import dev.gatehouse.upstream.OutboundBody;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What a request carries on to the upstream.
sealed interface Payload {

  /// The body to send.
  ///
  /// @param allRead run as soon as the client's request has been read to its end
  /// @param sent run whenever a piece of it has been sent
  Optional<OutboundBody> outbound(Runnable allRead, Runnable sent);

  /// The value of `X-Gatehouse-Context`: what the gate wrote into it, if anything.
  Optional<String> context();

  /// Says that it will not be sent again, so that nothing of it need be kept.
  default void release() {
    // most keep nothing
  }

  /// No body at all.
  record Nothing() implements Payload {
    @Override
    public Optional<OutboundBody> outbound(Runnable allRead, Runnable sent) {
      allRead.run();
      return Optional.empty();
    }

    @Override
    public Optional<String> context() {
      return Optional.empty();
    }
  }

  /// A JSON document that was read and enriched. It is kept until its answer begins: a stream may
  /// go on for long after that.
  final class Document implements Payload, OutboundBody {
    private final long length;
    private final Optional<String> context;
    private final BodyRoom.Share share;
    private final AtomicReference<@Nullable EnrichedBody> body;

    /// @param share what it takes of the room for all bodies
    Document(EnrichedBody body, BodyRoom.Share share) {
      this.length = body.length();
      this.context = body.contextHeader();
      this.share = share;
      this.body = new AtomicReference<>(body);
    }

    @Override
    public Optional<OutboundBody> outbound(Runnable allRead, Runnable sent) {
      allRead.run();
      return Optional.of(this);
    }

    @Override
    public Optional<String> context() {
      return context;
    }

    @Override
    public void release() {
      body.set(null);
      share.close();
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public boolean isReplayable() {
      return true;
    }

    @Override
    public void writeTo(OutputStream sink) throws IOException {
      EnrichedBody kept = body.get();
      if (kept == null) {
        throw new IOException("the answer has begun");
      }
      kept.writeTo(sink);
    }
  }

  /// Bytes of any kind, passed on as they come.
  record Upload(HttpServletRequest request, Duration patience, long limit) implements Payload {
    @Override
    public Optional<OutboundBody> outbound(Runnable allRead, Runnable sent) {
      return Optional.of(new UploadBody(request, patience, limit, allRead, sent));
    }

    @Override
    public Optional<String> context() {
      return Optional.empty();
    }
  }
}
