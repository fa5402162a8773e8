package dev.gatehouse.agent.mcp;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Something that a server was asked, all of which has to be done by a certain time: a session
/// opened, a token exchanged, the answer there.
///
/// @param deadline as [System#nanoTime] counts
record Inquiry<T>(Future<T> answer, long deadline) {

  static <T> Inquiry<T> ask(ExecutorService threads, Duration limit, Callable<T> question) {
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      return new Inquiry<>(threads.submit(question), deadline);
    } catch (RejectedExecutionException e) {
      return new Inquiry<>(CompletableFuture.failedFuture(e), deadline);
    }
  }

  /// Waits for it.
  T await() throws ToolFailure {
    try {
      return answer.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | CancellationException e) {
      throw ToolFailure.from(e);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw ToolFailure.from(e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw ToolFailure.from(e);
    }
  }
}
