package dev.gatehouse;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Program;
import dev.gatehouse.testing.Reply;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import okhttp3.FormBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The first thing anybody tries, all of it in one process.
final class DemoIT {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int ATTEMPTS = 3;

  @TempDir private Path folder;

  /// At best, since other tests run at the same time.
  @Test
  void demoIsThereInTenSeconds() throws Exception {
    Duration best = untilThePageIsThere();
    for (int i = 1; i < ATTEMPTS && best.compareTo(PATIENCE) >= 0; i++) {
      Duration taken = untilThePageIsThere();
      best = taken.compareTo(best) < 0 ? taken : best;
    }
    assertTrue(best.compareTo(PATIENCE) < 0, best.toString());
  }

  private Duration untilThePageIsThere() throws Exception {
    long start = System.nanoTime();
    try (Program program = Program.start(folder, "demo", "--port", "0")) {
      URI gate = URI.create(program.nextLine().replaceAll(".* on | \\(.*", ""));
      assertEquals(200, Browser.at(gate).get("/").status());
      return Duration.ofNanos(System.nanoTime() - start);
    }
  }

  @Test
  void demoComesUpAndAnswersWhoeverSignsIn() throws Exception {
    try (Program program = Program.start(folder, "demo", "--port", "0")) {
      String ready = program.nextLine();
      assertTrue(ready.startsWith("gatehouse ready on http://127.0.0.1:"), ready);
      URI gate = URI.create(ready.replaceAll(".* on | \\(.*", ""));
      Browser stranger = Browser.at(gate);
      Reply page = stranger.get("/");
      assertEquals(200, page.status());
      assertTrue(page.text().startsWith("<!doctype html>"), page.text());
      assertTrue(program.nextLine().contains(gate.toString()));

      assertEquals("{\"authenticated\":false}", stranger.get("/bff/user").text());
      stranger.post(PATH, Browser.MESSAGE).assertProblem(ProblemCode.NOT_AUTHENTICATED);
      assertEquals(200, stranger.get("/demo/sign-in").status());

      Browser reader = signedIn(stranger);
      JsonNode user = reader.get("/bff/user").json();
      assertTrue(user.get("authenticated").asBoolean());
      String answer = chat(reader);
      assertTrue(answer.contains(user.get("name").asString()), answer);

      program.terminate();
      assertEquals(0, program.exitCode());
      assertFalse(program.err().toString().contains("Exception"), () -> program.err().toString());
    }
  }

  private static Browser signedIn(Browser stranger) {
    FormBody form = new FormBody.Builder().add("user", "demo-reader").build();
    Reply reply = stranger.send("POST", "/demo/sign-in", form);
    assertEquals(303, reply.status());
    String cookie = reply.header("Set-Cookie").orElseThrow();
    return stranger.with("Cookie", cookie.substring(0, cookie.indexOf(';')));
  }

  /// All words of the answer, which have to come as a stream that ends cleanly.
  private static String chat(Browser browser) throws InterruptedException {
    Browser.Events events = browser.events(PATH, Browser.MESSAGE);
    StringBuilder words = new StringBuilder();
    for (String data = events.next(); !data.equals("closed"); data = events.next()) {
      JsonNode event = JsonMapper.shared().readTree(data);
      assertFalse(event.get("type").asString().equals("error"), data);
      words.append(event.path("update").path("delta").asString(""));
    }
    return words.toString();
  }
}
