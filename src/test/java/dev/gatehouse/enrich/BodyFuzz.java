package dev.gatehouse.enrich;

import java.util.List;

/// Any bytes as a request body, on the routes of all protocols; see [SplicedBody].
public final class BodyFuzz {
  private static final List<SplicedBody> ROUTES =
      List.of(SplicedBody.chatKit(), SplicedBody.root(), SplicedBody.at("/a", "/b/c", "/b/d"));

  private BodyFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    ROUTES.forEach(route -> route.check(input));
  }
}
