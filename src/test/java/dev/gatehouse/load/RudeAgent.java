package dev.gatehouse.load;

import dev.gatehouse.testing.Received;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.util.BitSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// An agent that does to every request what its [Order] says, and knows whether it has seen it
/// before.
final class RudeAgent implements ScriptedUpstream.Script {
  private static final long HESITATION_MILLIS = 30;

  private final CountDownLatch never = new CountDownLatch(1);
  private final BitSet seen = new BitSet();
  private long repeated;

  @Override
  public void answer(Received request, Wire wire) throws Exception {
    Order order = Order.parse(request.body());
    note(order.number());
    switch (order.manner()) {
      case HANGS_UP -> wire.close();
      case NEVER_ANSWERS -> wire.awaitClose();
      default -> {
        wire.send(head(order));
        body(order, wire);
      }
    }
  }

  private synchronized void note(long number) {
    if (seen.get((int) number)) {
      repeated++;
    }
    seen.set((int) number);
  }

  /// How many exchanges came here.
  synchronized long seen() {
    return seen.cardinality();
  }

  /// How many came here more than once.
  synchronized long repeated() {
    return repeated;
  }

  private static boolean isChunked(Order order) {
    return switch (order.manner()) {
      case MEASURED, FAILS, ASKS_TO_COME_BACK -> false;
      default -> true;
    };
  }

  private static String head(Order order) {
    return "HTTP/1.1 %d X\r\nContent-Type: text/event-stream\r\n%s%s\r\n"
        .formatted(
            order.status(),
            order.status() == 503 ? "Retry-After: 0\r\n" : "",
            isChunked(order)
                ? "Transfer-Encoding: chunked\r\n"
                : "Content-Length: " + order.length() + "\r\n");
  }

  private void body(Order order, Wire wire) throws Exception {
    Content content = new Content(order.number());
    for (int i = 0; i < order.pieces(); i++) {
      if (i == order.at() && !goesOn(order, wire)) {
        return;
      }
      byte[] piece = content.piece((long) i * order.size(), order.size());
      if (isChunked(order)) {
        wire.sendChunk(piece);
      } else {
        wire.send(piece);
      }
    }
    if (isChunked(order)) {
      wire.sendLastChunk();
    }
  }

  /// Does what is ordered at this place.
  private boolean goesOn(Order order, Wire wire) throws Exception {
    return switch (order.manner()) {
      case CLOSES -> {
        wire.close();
        yield false;
      }
      case RESETS -> {
        wire.reset();
        yield false;
      }
      case GOES_SILENT -> {
        wire.awaitClose();
        yield false;
      }
      case GARBLES -> {
        wire.send("no chunk\r\n");
        wire.awaitClose();
        yield false;
      }
      case HESITATES -> !never.await(HESITATION_MILLIS, TimeUnit.MILLISECONDS);
      default -> true;
    };
  }
}
