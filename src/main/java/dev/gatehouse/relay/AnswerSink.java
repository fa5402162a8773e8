package dev.gatehouse.relay;

import dev.gatehouse.stream.Sink;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// A response's body. The servlet layer knows no way to begin a write and to learn at once whether
/// it is done already, so that goes past it, to where it would write as well.
final class AnswerSink implements Sink {
  private final OutputStream out;
  private final Response below;
  private final boolean own;
  private @Nullable Write begun;

  AnswerSink(HttpServletRequest request, HttpServletResponse response) throws IOException {
    this.out = response.getOutputStream();
    this.own = request.getProtocol().startsWith("HTTP/1.");
    this.below =
        ServletContextRequest.getServletContextRequest(request).getServletContextResponse();
  }

  @Override
  public void write(byte[] bytes, int count) throws IOException {
    settle();
    out.write(bytes, 0, count);
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
  public boolean begin(byte[] bytes, int count) {
    Write write = new Write();
    below.write(false, ByteBuffer.wrap(bytes, 0, count), write);
    if (write.isDone()) {
      return true;
    }
    begun = write;
    return false;
  }

  @Override
  public void settle() throws IOException {
    Write write = begun;
    if (write != null) {
      begun = null;
      write.await();
    }
  }

  /// One write, on its way.
  private static final class Write implements Callback {
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile @Nullable Throwable failure;

    @Override
    public void succeeded() {
      over.countDown();
    }

    @Override
    public void failed(Throwable cause) {
      failure = cause;
      over.countDown();
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }

    boolean isDone() {
      return over.getCount() == 0 && failure == null;
    }

    void await() throws IOException {
      boolean interrupted = false;
      while (over.getCount() > 0) {
        try {
          over.await();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      if (failure != null) {
        throw new IOException("the client does not take it", failure);
      }
    }
  }
}
