package dev.gatehouse.trace;

import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The spans on their way to the collector: so many and no more, and nobody waits for them. Those
/// that find no room are gone.
final class Outbox implements SpanProcessor {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final int ROOM = 2048;

  private final AtomicInteger waiting = new AtomicInteger();
  private final SpanCount count;
  private final BatchSpanProcessor batches;

  Outbox(SpanExporter exporter, SpanCount count) {
    this.count = count;
    this.batches = BatchSpanProcessor.builder(new Delivery(exporter)).setMaxQueueSize(ROOM).build();
  }

  /// How many have not been taken yet.
  int waiting() {
    return waiting.get();
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (waiting.incrementAndGet() > ROOM) {
      waiting.decrementAndGet();
      count.add("dropped", 1);
    } else {
      batches.onEnd(span);
    }
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  @Override
  public CompletableResultCode shutdown() {
    return batches.shutdown();
  }

  @Override
  public CompletableResultCode forceFlush() {
    return batches.forceFlush();
  }

  /// Watches what becomes of each batch.
  private final class Delivery implements SpanExporter {
    private final SpanExporter exporter;
    private volatile boolean failing;

    Delivery(SpanExporter exporter) {
      this.exporter = exporter;
    }

    /// Is done when all is counted: whoever waits for it asks what is left.
    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      int some = spans.size();
      CompletableResultCode counted = new CompletableResultCode();
      CompletableResultCode result = exporter.export(spans);
      result.whenComplete(() -> {
        waiting.addAndGet(-some);
        count.add(result.isSuccess() ? "exported" : "failed", some);
        note(result);
        counted.succeed();
      });
      return counted;
    }

    /// Says when it begins to fail and when that is over, and not every time in between.
    private void note(CompletableResultCode result) {
      if (result.isSuccess() == failing) {
        failing = !result.isSuccess();
        if (failing) {
          LOG.atWarn()
              .addKeyValue("reason", reason(result.getFailureThrowable()))
              .log("traces do not reach the collector");
        } else {
          LOG.info("traces reach the collector again");
        }
      }
    }

    /// Without the message, which may quote the collector.
    private static String reason(@Nullable Throwable failure) {
      return switch (failure) {
        case HttpExportException answer when answer.failedWithResponse() ->
            Optional.ofNullable(answer.getResponse())
                .map(response -> "HTTP " + response.getStatusCode())
                .orElse("no answer");
        case HttpExportException broken when broken.getCause() != null ->
            broken.getCause().getClass().getName();
        case null, default -> "unknown";
      };
    }

    @Override
    public CompletableResultCode flush() {
      return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return exporter.shutdown();
    }
  }
}
