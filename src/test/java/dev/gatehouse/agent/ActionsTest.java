package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.Cause;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.Person;
import dev.gatehouse.agent.chat.Reply;
import dev.gatehouse.agent.chat.Responder;
import dev.gatehouse.agent.chat.Turn;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What is done on widgets, and what stays of it.
@Timeout(30)
final class ActionsTest {
  private static final String READER = RunningAgent.READER;

  private final List<Turn> turns = new CopyOnWriteArrayList<>();
  private final CountDownLatch speaking = new CountDownLatch(1);
  private final CountDownLatch free = new CountDownLatch(1);

  /// Shows a card, fails at actions, and is silent on everything else.
  private void respond(Turn turn, Reply reply) throws IOException {
    turns.add(turn);
    if (turn.cause() instanceof Cause.Acted) {
      throw new IOException("canary");
    }
    if (turn.earlier().isEmpty()) {
      reply.widget(card("small"), Optional.empty());
    }
  }

  private static ObjectNode card(String size) {
    return JsonNodeFactory.instance.objectNode().put("type", "Card").put("size", size);
  }

  private static String idOfWidget(RunningAgent agent, String thread) {
    return agent.lookup(READER, Asking.items(thread, "")).at("/data/0/id").stringValue();
  }

  @Test
  void nextTurnKnowsWhatWasDoneAndNobodyElseSeesIt() {
    try (RunningAgent agent = RunningAgent.with(this::respond)) {
      String thread = agent.ask(READER, "Hi");
      String widget = idOfWidget(agent, thread);
      agent.stream(READER, act(thread, widget, "{\"copies\":3}"));
      agent.stream(READER, Asking.add(thread, "What did I do?"));
      assertEquals(2, turns.get(1).earlier().size(), "what is being done is no history yet");
      Item.HiddenContext note =
          assertInstanceOf(Item.HiddenContext.class, turns.get(2).earlier().getLast());
      assertEquals(
          "The page says that the user did order.sent with {\"copies\":3} on the widget "
              + widget
              + ", which showed {\"type\":\"Card\",\"size\":\"small\"}",
          note.note());
      JsonNode shown = agent.lookup(READER, Asking.items(thread, "")).at("/data");
      assertFalse(shown.toString().contains("order.sent"));
    }
  }

  @Test
  void hugePayloadLeavesAShortNote() {
    try (RunningAgent agent = RunningAgent.with(this::respond)) {
      String thread = agent.ask(READER, "Hi");
      agent.stream(
          READER, act(thread, idOfWidget(agent, thread), "\"" + "x".repeat(100_000) + "\""));
      agent.stream(READER, Asking.add(thread, "What did I do?"));
      Item.HiddenContext note =
          assertInstanceOf(Item.HiddenContext.class, turns.get(2).earlier().getLast());
      assertTrue(note.note().length() < 3000, () -> note.note().length() + " characters");
    }
  }

  @Test
  void titleIsToldAlthoughTheAnswerFailed() {
    Responder failing =
        (turn, reply) -> {
          throw new IOException("canary");
        };
    try (RunningAgent agent = RunningAgent.with(failing)) {
      List<JsonNode> events = agent.stream(READER, Asking.create("Hi"));
      assertEquals(
          List.of(
              "thread.created", "thread.item.done", "stream_options", "thread.updated", "error"),
          Asking.types(events));
      assertEquals("Hi", events.get(3).at("/thread/title").stringValue());
    }
  }

  /// Draws a card, and one turn later speaks until it is free and draws it anew.
  private Responder drawing() {
    return new Responder() {
      @Override
      public void respond(Turn turn, Reply reply) throws IOException {
        if (turn.earlier().isEmpty()) {
          reply.widget(card("small"), Optional.empty());
          return;
        }
        speaking.countDown();
        await(free);
        reply.redraw(((Item.Widget) turn.earlier().getLast()).showing(card("large")));
      }

      @Override
      public Optional<ObjectNode> actAtOnce(Person person, Cause.Acted action) {
        String size = action.widget().orElseThrow().root().path("size").asString();
        return Optional.of(card("more than " + size));
      }
    };
  }

  @Test
  void actionThatThePageWaitsForIsDoneWhileAnAnswerIsOpen() throws Exception {
    try (RunningAgent agent = RunningAgent.with(drawing());
        ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      String thread = agent.ask(READER, "Hi");
      String action = actAtOnce(thread, idOfWidget(agent, thread));
      Future<?> turn = others.submit(() -> agent.stream(READER, Asking.add(thread, "Draw it")));
      speaking.await();
      JsonNode acted = agent.lookup(READER, action);
      assertEquals("more than small", acted.at("/updated_item/widget/size").stringValue());
      free.countDown();
      turn.get();
    }
  }

  @Test
  void onePersonGetsOnlySoManyAnswersAtOnce() throws Exception {
    CountDownLatch all = new CountDownLatch(RunningAgent.TURNS_PER_PERSON);
    Responder together =
        (turn, reply) -> {
          all.countDown();
          await(free);
        };
    try (RunningAgent agent = RunningAgent.with(together);
        ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < RunningAgent.TURNS_PER_PERSON; i++) {
        others.execute(() -> agent.stream(READER, Asking.create("Hi")));
      }
      all.await();
      RunningAgent.Answer refused = agent.post(READER, Asking.create("One more"));
      refused.assertRefused(429);
      assertEquals("5", refused.header("Retry-After"));
      Future<?> other =
          others.submit(() -> agent.stream(RunningAgent.EDITOR, Asking.create("Me too")));
      assertFalse(isDoneSoon(other), "somebody else is being answered");
      free.countDown();
      other.get();
      agent.ask(READER, "Now?");
    }
  }

  private static String act(String thread, String widget, String payload) {
    return Asking.action(
        "threads.custom_action",
        thread,
        ",\"item_id\":\"%s\",\"action\":{\"type\":\"order.sent\",\"payload\":%s}"
            .formatted(widget, payload));
  }

  private static String actAtOnce(String thread, String widget) {
    return Asking.action(
        "threads.sync_custom_action",
        thread,
        ",\"item_id\":\"%s\",\"action\":{\"type\":\"more\"}".formatted(widget));
  }

  private static boolean isDoneSoon(Future<?> what) throws Exception {
    try {
      what.get(300, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
