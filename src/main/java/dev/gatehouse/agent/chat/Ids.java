package dev.gatehouse.agent.chat;

import java.util.UUID;

/// New ids, with ChatKit's prefixes. Long enough never to come twice: ChatKit overwrites an earlier
/// bubble of the same id.
public final class Ids {
  private Ids() {}

  public static String thread() {
    return next("thr");
  }

  public static String message() {
    return next("msg");
  }

  public static String toolCall() {
    return next("tc");
  }

  public static String attachment() {
    return next("atc");
  }

  /// Items that are neither a message nor a tool call.
  public static String item() {
    return next("itm");
  }

  private static String next(String prefix) {
    return prefix + "_" + UUID.randomUUID().toString().replace("-", "");
  }
}
