package dev.gatehouse.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Picks a share of all exchanges by chance. Neither the client's flag nor its trace id has a say:
/// it chooses both, and could have all of its requests traced.
record Lot(double share) implements Sampler {

  /// For the exchange; its parts are sampled as it is.
  static Sampler ofExchanges(double share) {
    Lot lot = new Lot(share);
    return Sampler.parentBasedBuilder(lot)
        .setRemoteParentSampled(lot)
        .setRemoteParentNotSampled(lot)
        .build();
  }

  @Override
  public SamplingResult shouldSample(
      Context parent,
      String traceId,
      String name,
      SpanKind kind,
      Attributes attributes,
      List<LinkData> links) {
    return ThreadLocalRandom.current().nextDouble() < share
        ? SamplingResult.recordAndSample()
        : SamplingResult.drop();
  }

  @Override
  public String getDescription() {
    return "Lot";
  }
}
