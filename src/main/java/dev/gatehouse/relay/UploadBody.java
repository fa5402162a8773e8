package dev.gatehouse.relay;

import dev.gatehouse.upstream.OutboundBody;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/// A request body that is sent while it arrives.
record UploadBody(
    HttpServletRequest request, Duration patience, long limit, Runnable allRead, Runnable sent)
    implements OutboundBody {
  private static final int BUFFER = 16 * 1024;

  @Override
  public long length() {
    return request.getContentLengthLong();
  }

  @Override
  public boolean isReplayable() {
    return false;
  }

  /// @throws ClientBody.Broken if the browser broke off, as opposed to the upstream
  @Override
  public void writeTo(OutputStream sink) throws IOException {
    try (ClientBody source = new ClientBody(request, patience, limit)) {
      byte[] buffer = new byte[BUFFER];
      for (int length = source.read(buffer); length >= 0; length = source.read(buffer)) {
        sink.write(buffer, 0, length);
        sink.flush();
        sent.run();
      }
    }
    allRead.run();
  }
}
