package dev.gatehouse.relay;

import dev.gatehouse.enrich.EnrichedBody;
import dev.gatehouse.upstream.OutboundBody;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/// What a request carries on to the upstream.
sealed interface Payload {

  /// The body to send.
  ///
  /// @param allRead run as soon as the client's request has been read to its end
  /// @param sent run whenever a piece of it has been sent
  Optional<OutboundBody> outbound(Runnable allRead, Runnable sent);

  /// The value of `X-Gatehouse-Context`: what the gate wrote into it, if anything.
  Optional<String> context();

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

  /// A JSON document that was read and enriched.
  record Document(EnrichedBody body) implements Payload {
    @Override
    public Optional<OutboundBody> outbound(Runnable allRead, Runnable sent) {
      allRead.run();
      return Optional.of(new DocumentBody(body));
    }

    @Override
    public Optional<String> context() {
      return body.contextHeader();
    }
  }

  /// Bytes of any kind, passed on as they come.
  record Upload(HttpServletRequest request, long limit) implements Payload {
    @Override
    public Optional<OutboundBody> outbound(Runnable allRead, Runnable sent) {
      return Optional.of(new UploadBody(request, limit, allRead, sent));
    }

    @Override
    public Optional<String> context() {
      return Optional.empty();
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
