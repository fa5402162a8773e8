package dev.gatehouse.trace;

import dev.gatehouse.config.TracesConfig;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes spans and sends them to a collector, in the background.
public final class Tracing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tracing.class);

  /// OpenTelemetry writes plain text to standard error, and quotes the collector. What matters of
  /// it is logged by [Outbox].
  private static final java.util.logging.Logger LIBRARY =
      java.util.logging.Logger.getLogger("io.opentelemetry");

  private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("service.name");

  /// How long a stop waits for spans to be taken.
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final Outbox outbox;
  private final SdkTracerProvider provider;
  private final Tracer tracer;

  private Tracing(Outbox outbox, SdkTracerProvider provider) {
    this.outbox = outbox;
    this.provider = provider;
    this.tracer = provider.get("dev.gatehouse");
  }

  /// Begins with nothing but a thread; the collector is not asked whether it is there.
  ///
  /// @param count told what becomes of spans
  public static Tracing open(TracesConfig config, SpanCount count) {
    LIBRARY.setLevel(Level.OFF);
    OtlpHttpSpanExporterBuilder exporter =
        OtlpHttpSpanExporter.builder().setEndpoint(config.endpoint().toString());
    config.headers().forEach((name, value) -> exporter.addHeader(name, value.reveal()));
    Outbox outbox = new Outbox(exporter.build(), count);
    return new Tracing(
        outbox,
        SdkTracerProvider.builder()
            .addResource(Resource.create(Attributes.of(SERVICE, config.serviceName())))
            .setSampler(Lot.ofExchanges(config.sampleRatio()))
            .addSpanProcessor(outbox)
            .build());
  }

  Tracer tracer() {
    return tracer;
  }

  /// Sends what is waiting, as long as that takes no longer than two seconds.
  @Override
  public void close() {
    provider.shutdown().join(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
    int lost = outbox.waiting();
    if (lost > 0) {
      LOG.atWarn()
          .addKeyValue("spans", lost)
          .log("spans are lost: the collector did not take them");
    }
  }
}
