package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Response;
import okio.BufferedSource;
import org.junit.jupiter.api.Test;

final class HeartbeatTest {

  private static RunningGatehouse gate(ScriptedUpstream upstream) throws Exception {
    return RunningGatehouse.towards(upstream.uri()).route("heartbeat: 50ms").start();
  }

  @Test
  void silenceBetweenEventsIsBrokenByComments() throws Exception {
    CountDownLatch heard = new CountDownLatch(1);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream()).sendChunk("data: 1\n\n");
              assertTrue(heard.await(10, TimeUnit.SECONDS), "no heartbeat");
              wire.sendChunk("data: 2\n\n").sendLastChunk();
            });
        RunningGatehouse gate = gate(upstream);
        Response response = gate.browser().open(PATH, Browser.MESSAGE)) {
      BufferedSource body = response.body().source();
      assertEquals("data: 1\n\n:\n:\n", body.readUtf8("data: 1\n\n:\n:\n".length()));
      heard.countDown();
      assertEquals("data: 2\n\n", body.readUtf8().replace(":\n", ""));
    }
  }

  @Test
  void nothingIsSaidInsideAnEvent() throws Exception {
    CountDownLatch quiet = new CountDownLatch(1);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream()).sendChunk("data: 1\n\ndata: 2\n");
              quiet.await(400, TimeUnit.MILLISECONDS); // several intervals long
              wire.sendChunk("data: 3\n\n").sendLastChunk();
            });
        RunningGatehouse gate = gate(upstream)) {
      String text = gate.browser().post(PATH, Browser.MESSAGE).text();
      assertTrue(text.contains("data: 2\ndata: 3\n\n"), text);
    }
  }

  @Test
  void answerOfSetLengthIsLeftAlone() throws Exception {
    CountDownLatch quiet = new CountDownLatch(1);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(
                  """
                  HTTP/1.1 200 OK\r
                  Content-Type: text/event-stream\r
                  Content-Length: 9\r
                  \r
                  """);
              quiet.await(400, TimeUnit.MILLISECONDS);
              wire.send("data: 1\n\n");
            });
        RunningGatehouse gate = gate(upstream)) {
      assertEquals("data: 1\n\n", gate.browser().post(PATH, Browser.MESSAGE).text());
    }
  }
}
