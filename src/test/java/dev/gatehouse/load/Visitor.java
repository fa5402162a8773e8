package dev.gatehouse.load;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.Call;
import okhttp3.Response;
import tools.jackson.databind.json.JsonMapper;

/// One browser that asks for this and that, and holds every byte it gets against what the agent was
/// told to send.
final class Visitor {
  private static final Set<Integer> NO_ANSWER = Set.of(502, 504);

  /// Longer than the gate under test waits for a reader.
  static final long STALL_MILLIS = 1500;

  /// A line that passes byte by byte would have a slow reader take longer than the gate keeps an
  /// idle connection.
  private static final int MOST_PAUSES = 50;

  private static final int BUFFER = 8 * 1024;

  private final Bench bench;
  private final Browser browser;
  private final String token;
  private final Random random;
  private final AtomicLong numbers;
  private final Map<String, Long> ends;
  private String before = "nothing";
  private final CountDownLatch never = new CountDownLatch(1);

  /// @param numbers where exchanges get theirs
  /// @param ends how they ended, counted
  Visitor(Bench bench, Browser browser, Random random, AtomicLong numbers, Map<String, Long> ends) {
    this.bench = bench;
    this.browser = browser;
    this.token = bench.token("third");
    this.random = random;
    this.numbers = numbers;
    this.ends = ends;
  }

  /// One exchange of any kind.
  void visit() throws Exception {
    int dice = random.nextInt(100);
    Order order = Order.any(numbers.getAndIncrement(), random);
    String end;
    if (dice < 50) {
      end = read(order, 0, 0);
    } else if (dice < 62) {
      end = read(order, 1 + random.nextInt(5), 0);
    } else if (dice < 63) {
      end = read(Order.large(order.number()), 0, STALL_MILLIS);
    } else if (dice < 72) {
      end = leaveEarly(order);
    } else if (dice < 84) {
      end = leaveWithin(order);
    } else if (dice < 94) {
      end = beRefused();
    } else {
      end = breakOff();
    }
    ends.merge(end, 1L, Long::sum);
    before = end + " " + order;
    if (end.startsWith("left")) {
      browser.hangUp(); // a call that is cancelled late can take the next one's connection with it
    }
  }

  /// Reads an answer to its end.
  ///
  /// @param pause before every piece, in milliseconds
  /// @param stall before the first
  private String read(Order order, long pause, long stall) throws Exception {
    try (Response response = open(order)) {
      answered(response);
      if (isProblem(response)) {
        return unanswered(response);
      }
      assertEquals(order.status(), response.code());
      rest(stall);
      return copy(order, response.body().byteStream(), pause);
    }
  }

  private Response open(Order order) throws IOException {
    long start = System.nanoTime();
    try {
      return browser.open(PATH, order.json());
    } catch (IOException e) {
      throw new IOException(
          "no answer after %d ms to %s; before it: %s"
              .formatted((System.nanoTime() - start) / 1_000_000, order, before),
          e);
    }
  }

  /// The gate gives every request an answer, and never cuts off one of its own.
  private static String unanswered(Response response) throws IOException {
    assertTrue(NO_ANSWER.contains(response.code()), response::toString);
    int status = JsonMapper.shared().readTree(response.body().bytes()).get("status").asInt();
    assertEquals(response.code(), status);
    return "unanswered " + status;
  }

  private String copy(Order order, InputStream in, long pause) throws InterruptedException {
    Content content = new Content(order.number());
    byte[] buffer = new byte[pause > 0 ? 512 : BUFFER];
    long at = 0;
    int pauses = 0;
    try {
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        content.check(buffer, length, at);
        at += length;
        rest(pauses++ < MOST_PAUSES ? pause : 0);
      }
    } catch (IOException _) {
      assertTrue(at <= order.length(), () -> "more than there was of " + order);
      return "broken";
    }
    assertEquals(order.length(), at, () -> "a clean end of half an answer: " + order);
    assertTrue(order.manner().isWhole(), () -> "a clean end of a broken answer: " + order);
    return "whole";
  }

  /// Leaves within milliseconds, whatever there is by then.
  private String leaveEarly(Order order) throws Exception {
    Call call = browser.call(PATH, order.json());
    call.timeout().timeout(1 + random.nextInt(20), TimeUnit.MILLISECONDS);
    try (Response response = call.execute()) {
      answered(response);
      if (!isProblem(response)) {
        copy(order, response.body().byteStream(), 0);
      }
      return "left early, answered";
    } catch (IOException _) {
      return "left early";
    }
  }

  private String leaveWithin(Order order) throws Exception {
    Call call = browser.call(PATH, order.json());
    try (Response response = call.execute()) {
      answered(response);
      if (!isProblem(response)) {
        byte[] some = new byte[1 + random.nextInt(BUFFER)];
        int length = response.body().byteStream().read(some);
        new Content(order.number()).check(some, length, 0);
      }
    } catch (IOException _) {
      return "broken before it left";
    } finally {
      call.cancel();
    }
    return "left within";
  }

  /// A gate that does not wait for the body closes the connection, and what is still on the way to
  /// it can have the answer lost.
  private String beRefused() throws Exception {
    try (Response response = wrongRequest()) {
      answered(response);
      assertTrue(isProblem(response), response::toString);
      assertTrue(Set.of(400, 401, 403, 404).contains(response.code()), response::toString);
      String id = JsonMapper.shared().readTree(response.body().bytes()).get("requestId").asString();
      assertEquals(response.header("X-Request-Id"), id);
      return "refused";
    } catch (IOException _) {
      return "refused, unheard";
    }
  }

  private Response wrongRequest() throws IOException {
    String json = "{\"type\":\"threads.list\"}";
    return switch (random.nextInt(5)) {
      case 0 -> browser.without("Cookie").open(PATH, json);
      case 1 -> browser.with("Sec-Fetch-Site", "cross-site").open(PATH, json);
      case 2 -> browser.open(PATH, "{\"type\":");
      case 3 -> browser.open("/elsewhere", json);
      default -> browser.with("X-Page-Context", "!").open(PATH, json);
    };
  }

  /// Sends part of a head or of a body over a connection of its own.
  private String breakOff() throws Exception {
    String head =
        "POST %s HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\n"
            .formatted(PATH);
    try (Wire wire = Wire.to(bench.gate().uri().getPort())) {
      if (random.nextBoolean()) {
        wire.send(head.substring(0, 1 + random.nextInt(head.length() - 1)));
      } else {
        wire.send(head + "Content-Length: 99\r\nCookie: auth_token=" + token + "\r\n\r\n{");
      }
      rest(random.nextInt(3));
      if (random.nextBoolean()) {
        wire.reset();
      }
    }
    return "broke off";
  }

  private void answered(Response response) {
    String id = response.header("X-Request-Id");
    assertTrue(id != null, response::toString);
    bench.log().answered(String.valueOf(id));
  }

  private static boolean isProblem(Response response) {
    return "application/problem+json".equals(response.header("Content-Type"));
  }

  private void rest(long millis) throws InterruptedException {
    if (millis > 0 && never.await(millis, TimeUnit.MILLISECONDS)) {
      throw new AssertionError("never came");
    }
  }
}
