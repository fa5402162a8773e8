package dev.gatehouse.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gatehouse.testing.Await;
import dev.gatehouse.testing.ScriptedUpstream;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

final class PoolUpkeepTest {
  /// Twice, since nobody goes the rounds while there are no connections.
  @Test
  void connectionThatIsIdleForLongIsClosed() throws Exception {
    ConnectionPool pool = PoolUpkeep.pool(8, 1);
    OkHttpClient client = new OkHttpClient.Builder().connectionPool(pool).build();
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}")) {
      Request request = new Request.Builder().url(upstream.uri().toString()).build();
      for (int i = 0; i < 2; i++) {
        try (Response response = client.newCall(request).execute()) {
          assertEquals("{}", response.body().string());
        }
        assertEquals(1, pool.idleConnectionCount());
        Await.that("it is closed", () -> pool.connectionCount() == 0);
      }
    }
  }
}
