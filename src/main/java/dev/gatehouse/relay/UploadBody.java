package dev.gatehouse.relay;

import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.upstream.OutboundBody;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serial;

/// A request body that is sent while it arrives.
record UploadBody(HttpServletRequest request, long limit, Runnable allRead)
    implements OutboundBody {
  private static final int BUFFER = 16 * 1024;

  @Override
  public long length() {
    return request.getContentLengthLong();
  }

  @Override
  public boolean inMemory() {
    return false;
  }

  /// @throws BrokenUpload if the browser broke off, as opposed to the upstream
  @Override
  public void writeTo(OutputStream sink) throws IOException {
    InputStream source = request.getInputStream();
    byte[] buffer = new byte[BUFFER];
    long total = 0;
    for (int length = read(source, buffer); length >= 0; length = read(source, buffer)) {
      total += length;
      if (total > limit) {
        throw tooLarge();
      }
      sink.write(buffer, 0, length);
      sink.flush();
    }
    allRead.run();
  }

  private static int read(InputStream source, byte[] buffer) throws IOException {
    try {
      return source.read(buffer);
    } catch (IOException e) {
      throw new BrokenUpload(e);
    }
  }

  static RuntimeException tooLarge() {
    return Problem.of(ProblemCode.BODY_TOO_LARGE, "The body is larger than this path allows")
        .exception();
  }

  /// The browser broke off in the middle of its body.
  static final class BrokenUpload extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    BrokenUpload(IOException cause) {
      super(cause);
    }
  }
}
