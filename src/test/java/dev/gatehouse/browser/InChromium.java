package dev.gatehouse.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives each test a [Visit] of its own, with a browser that all of them share. Where no browser is
/// installed the tests are left out, and say so.
final class InChromium implements ExecutionCondition, ParameterResolver, AfterEachCallback {
  private static final Namespace OURS = Namespace.create(InChromium.class);
  private static final String MISSING =
      "NOT TESTED: no Chromium was found, so the sample page and the browser module were not tried."
          + " Install chromium (apt-get install chromium) or name one with -Dchromium=PATH.";

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (Chromium.executable().isPresent()) {
      return ConditionEvaluationResult.enabled("there is a browser");
    }
    if (context.getTestMethod().isEmpty()) {
      System.out.println("[WARNING] " + context.getDisplayName() + ": " + MISSING);
    }
    return ConditionEvaluationResult.disabled(MISSING);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Visit.class;
  }

  @Override
  public Visit resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Store all = context.getRoot().getStore(OURS);
    Chromium chromium = all.computeIfAbsent(Chromium.class, _ -> started(), Chromium.class);
    Visit visit = Visit.of(chromium, context.getRequiredTestMethod().getName());
    context.getStore(OURS).put(Visit.class, visit);
    return visit;
  }

  private static Chromium started() {
    try {
      return Chromium.start(Chromium.executable().orElseThrow());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What the reader saw last is kept, whether the test liked it or not.
  @Override
  public void afterEach(ExtensionContext context) {
    Optional.ofNullable(context.getStore(OURS).remove(Visit.class, Visit.class))
        .ifPresent(Visit::close);
  }
}
