package dev.gatehouse;

import dev.gatehouse.auth.AuthListener;
import dev.gatehouse.auth.RefreshResult;
import dev.gatehouse.ops.Metrics;

/// Counts what the gate asks of issuers.
record AuthMeter(Metrics metrics) implements AuthListener {

  @Override
  public void keysRefreshed(String issuer, RefreshResult result) {
    metrics.jwksRefreshed(issuer, result.text());
  }

  @Override
  public void introspected(String result) {
    metrics.introspected(result);
  }
}
