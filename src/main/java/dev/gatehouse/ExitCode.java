package dev.gatehouse;

/// What the process answers its caller.
enum ExitCode {
  FINE(0),
  CHECK_FAILED(1),
  WRONG_USAGE(2),
  NOT_STARTED(3);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
