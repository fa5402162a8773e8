package dev.gatehouse.http;

import java.io.Serial;

/// Carries a [Problem] to the one place that answers it. Without a stack trace: it is an answer,
/// not a defect.
public final class ProblemException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.code().text(), null, false, false);
    this.problem = problem;
  }

  /// The problem to answer with.
  public Problem problem() {
    return problem;
  }
}
