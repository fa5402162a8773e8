package dev.gatehouse.relay;

import dev.gatehouse.enrich.EnrichedBody;
import dev.gatehouse.enrich.Merged;
import dev.gatehouse.upstream.OutboundBody;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.Set;

/// What a request carries on to the upstream.
sealed interface Payload {

  /// The body to send.
  ///
  /// @param allRead run as soon as the client's request has been read to its end
  Optional<OutboundBody> outbound(Runnable allRead);

  /// What the gate wrote into it.
  Set<Merged> merged();

  /// No body at all.
  record Nothing() implements Payload {
    @Override
    public Optional<OutboundBody> outbound(Runnable allRead) {
      allRead.run();
      return Optional.empty();
    }

    @Override
    public Set<Merged> merged() {
      return Set.of();
    }
  }

  /// A JSON document that was read and enriched.
  record Document(EnrichedBody body) implements Payload {
    @Override
    public Optional<OutboundBody> outbound(Runnable allRead) {
      allRead.run();
      return Optional.of(new DocumentBody(body));
    }

    @Override
    public Set<Merged> merged() {
      return body.merged();
    }
  }

  /// Bytes of any kind, passed on as they come.
  record Upload(HttpServletRequest request, long limit) implements Payload {
    @Override
    public Optional<OutboundBody> outbound(Runnable allRead) {
      return Optional.of(new UploadBody(request, limit, allRead));
    }

    @Override
    public Set<Merged> merged() {
      return Set.of();
    }
  }

  /// The document as bytes.
  record DocumentBody(EnrichedBody body) implements OutboundBody {
    @Override
    public long length() {
      return body.length();
    }

    @Override
    public void writeTo(OutputStream sink) throws IOException {
      body.writeTo(sink);
    }
  }
}
