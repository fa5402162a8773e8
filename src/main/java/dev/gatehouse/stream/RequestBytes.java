package dev.gatehouse.stream;

import dev.gatehouse.connection.RequestBuffer;
import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/// The body of a request as it arrives, and how patient we are with whoever sends it.
///
/// The container's own stream waits for as long as anything trickles in, and tells broken framing
/// from a client that left only by closing on both. So this reads one layer below it. The patience
/// is an allowance: waiting uses it up, every byte that arrives gives a little of it back.
public final class RequestBytes implements AutoCloseable {
  private static final long LEAST_BYTES_PER_SECOND = 240;
  private static final long NANOS_PER_BYTE = TimeUnit.SECONDS.toNanos(1) / LEAST_BYTES_PER_SECOND;

  private final Request request;
  private final long patience;
  private final Semaphore arrivals = new Semaphore(0);
  private long allowance;
  private Content.@Nullable Chunk chunk;

  /// @param patience how long the body may be slower than 240 bytes a second, pauses included; zero
  ///   is forever
  public RequestBytes(HttpServletRequest request, Duration patience) {
    this.request = ServletContextRequest.getServletContextRequest(request);
    this.patience = patience.toNanos();
    this.allowance = this.patience;
  }

  /// Says how much to ask the system for at once until this is closed, where the protocol lets us.
  ///
  /// @param bytes no more than is left, or else the usual size
  public void inPiecesOf(int bytes) {
    RequestBuffer.resize(request.getConnectionMetaData().getConnection(), bytes);
  }

  /// Waits for bytes and takes what is there.
  ///
  /// @param offset where in the buffer they go, up to its end
  /// @return how many, or -1 at the end
  /// @throws ProblemException if they come too slowly, or their framing is broken
  /// @throws IOException if the client broke off
  public int read(byte[] buffer, int offset) throws IOException {
    while (true) {
      Content.Chunk current = chunk == null ? await() : chunk;
      chunk = null;
      if (Content.Chunk.isFailure(current)) {
        throw failed(current.getFailure());
      }
      if (current.hasRemaining()) {
        int length = current.get(buffer, offset, buffer.length - offset);
        allowance = Math.min(patience, allowance + length * NANOS_PER_BYTE);
        chunk = current;
        return length;
      }
      chunk = Content.Chunk.next(current);
      current.release();
      if (current.isLast()) {
        return -1;
      }
    }
  }

  private Content.Chunk await() throws IOException {
    Content.Chunk next = request.read();
    while (next == null) {
      request.demand(
          Invocable.from(Invocable.InvocationType.NON_BLOCKING, () -> arrivals.release()));
      long since = System.nanoTime();
      if (!hasArrived()) {
        throw tooSlow();
      }
      allowance -= System.nanoTime() - since;
      next = request.read();
    }
    return next;
  }

  private boolean hasArrived() throws IOException {
    try {
      if (patience == 0) {
        arrivals.acquire();
        return true;
      }
      return arrivals.tryAcquire(allowance, TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  private IOException failed(Throwable failure) {
    if (failure instanceof TimeoutException) {
      throw tooSlow();
    }
    if (failure instanceof HttpException && isConnected()) {
      throw Problem.of(ProblemCode.MALFORMED_REQUEST, "The body is not framed as HTTP has it")
          .with("Connection", "close")
          .exception();
    }
    return failure instanceof IOException broken ? broken : new IOException(failure);
  }

  /// Whether the client is still there, so that what failed was what it sent.
  private boolean isConnected() {
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    return endPoint.isOpen() && !endPoint.isInputShutdown();
  }

  private static ProblemException tooSlow() {
    return Problem.of(ProblemCode.REQUEST_TIMEOUT, "The body did not arrive in time")
        .with("Connection", "close")
        .exception();
  }

  @Override
  public void close() {
    if (chunk != null) {
      chunk.release();
      chunk = null;
    }
    inPiecesOf(RequestBuffer.USUAL);
  }
}
