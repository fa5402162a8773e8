package dev.gatehouse.check;

import dev.gatehouse.config.GatehouseConfig;
import java.io.PrintStream;

/// x
public final class Check {
  private Check() {}

  /// x
  public static boolean run(GatehouseConfig c, PrintStream o) {
    return true;
  }
}
