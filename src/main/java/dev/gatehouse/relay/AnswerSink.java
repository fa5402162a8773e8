package dev.gatehouse.relay;

import dev.gatehouse.connection.Chunks;
import dev.gatehouse.http.Exchange;
import dev.gatehouse.stream.Sink;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;

/// A response's body. The servlet layer knows no way to begin a write and to learn at once whether
/// it is done already, so that goes past it: to where it would write as well, or, once there are
/// chunks, to the connection.
final class AnswerSink implements Sink {
  private final OutputStream out;
  private final Response below;
  private final boolean own;
  private final Optional<Chunks> chunks;
  private CompletableFuture<Void> begun = CompletableFuture.completedFuture(null);

  AnswerSink(HttpServletRequest request, HttpServletResponse response) throws IOException {
    this.out = response.getOutputStream();
    this.own = request.getProtocol().startsWith("HTTP/1.");
    this.below =
        ServletContextRequest.getServletContextRequest(request).getServletContextResponse();
    this.chunks = Chunks.of(request);
    chunks.ifPresent(past -> Exchange.of(request).alsoSent(past::bytes));
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    settle();
    if (isAmongChunks()) {
      begin(bytes);
      settle();
    } else {
      writeThroughContainer(bytes);
    }
  }

  /// What failed here has failed for good, as it has where a write was only begun.
  private void writeThroughContainer(ByteBuffer bytes) throws IOException {
    try {
      out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    } catch (IOException e) {
      begun = CompletableFuture.failedFuture(e);
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    settle();
    out.flush();
  }

  @Override
  public boolean isOwn() {
    return own;
  }

  @Override
  public boolean begin(ByteBuffer bytes) {
    Callback.Completable write = new Callback.Completable(InvocationType.NON_BLOCKING);
    if (isAmongChunks()) {
      chunks.orElseThrow().write(bytes, write);
    } else {
      below.write(false, bytes, write);
    }
    begun = write;
    return write.isDone() && !write.isCompletedExceptionally();
  }

  @Override
  public void settle() throws IOException {
    try {
      begun.join();
    } catch (CompletionException e) {
      throw new IOException("the client does not take it", e.getCause());
    }
  }

  private boolean isAmongChunks() {
    return chunks.filter(Chunks::follow).isPresent();
  }
}
