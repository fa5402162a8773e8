package dev.gatehouse.agent.chatkit;

import dev.gatehouse.agent.chat.ClientLeft;
import dev.gatehouse.agent.chat.StoreFailure;
import dev.gatehouse.agent.http.BearerCheck;
import dev.gatehouse.agent.http.Caller;
import dev.gatehouse.agent.http.JsonBody;
import dev.gatehouse.agent.http.LargeBodies;
import dev.gatehouse.agent.http.Refusal;
import dev.gatehouse.agent.http.RestOfBody;
import dev.gatehouse.connection.ClientWatch;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.util.Collections;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// The one ChatKit endpoint: who is asking, what is asked, then JSON or a stream of events.
public final class ChatKitServlet extends HttpServlet {
  @Serial private static final long serialVersionUID = 1;
  private static final Logger LOG = LoggerFactory.getLogger(ChatKitServlet.class);

  private final transient BearerCheck bearers;
  private final transient Lookups lookups;
  private final transient Turns turns;
  private final transient Wire wire;
  private final transient Duration writeLimit;
  private final transient LargeBodies large;
  private final transient Audience audience;

  private ChatKitServlet(
      BearerCheck bearers,
      Lookups lookups,
      Turns turns,
      Wire wire,
      Duration writeLimit,
      LargeBodies large,
      Audience audience) {
    this.bearers = bearers;
    this.lookups = lookups;
    this.turns = turns;
    this.wire = wire;
    this.writeLimit = writeLimit;
    this.large = large;
    this.audience = audience;
  }

  public static ChatKitServlet of(BearerCheck bearers, Backend backend) {
    Wire wire = new Wire(backend.uploads());
    Floor floor = new Floor();
    return new ChatKitServlet(
        bearers,
        backend.lookups(floor, wire),
        backend.turns(floor),
        wire,
        backend.writeLimit(),
        new LargeBodies(backend.transcriber().map(_ -> ChatKitRequest.TRANSCRIBE)),
        new Audience(backend.turnsPerPerson()));
  }

  /// Calls off all turns and waits until what they said so far is kept.
  ///
  /// @param patience how long to wait at most
  public void callOff(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      if (!audience.dismiss(patience)) {
        LOG.warn("some turns did not end in time, and what they said last may be lost");
      }
      turns.close(Duration.ofNanos(deadline - System.nanoTime()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      answer(request, response);
    } catch (Refusal refusal) {
      RestOfBody.skip(refusal, request, response);
      refusal.answer(response);
    } catch (StoreFailure e) {
      LOG.warn("the store failed: {}", e.toString(), e);
      Refusal.storeUnavailable().answer(response);
    } catch (ClientLeft e) {
      // Stop in ChatKit is nothing but a closed connection: all is kept, nobody is listening.
    }
  }

  private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (!request.getMethod().equals("POST")) {
      throw Refusal.methodNotAllowed("POST");
    }
    Caller caller = bearers.caller(Collections.list(request.getHeaders("Authorization")));
    try (LargeBodies.Place place = large.place()) {
      ChatKitRequest chatKit = ChatKitRequest.from(JsonBody.read(request, place));
      switch (chatKit.operation()) {
        case Operation.Lookup lookup -> JsonBody.write(answer(caller, lookup), response);
        case Operation.Streaming streaming -> stream(caller, chatKit, streaming, request, response);
      }
    }
  }

  private ObjectNode answer(Caller caller, Operation.Lookup lookup) {
    try {
      return lookups.answer(caller.person(), lookup);
    } catch (Refusal | StoreFailure e) {
      throw e;
    } catch (RuntimeException e) {
      // Only its kind: the text of a failure may quote what a person wrote.
      LOG.error("an operation failed: {}", e.getClass().getName());
      throw Refusal.broken();
    }
  }

  private void stream(
      Caller caller,
      ChatKitRequest chatKit,
      Operation.Streaming operation,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    String person = caller.person().subject();
    Presence presence = audience.enter(person);
    try (ClientWatch watch = ClientWatch.over(request, presence::leave);
        WriteClock clock = WriteClock.start(writeLimit, () -> sendAway(watch, presence))) {
      watch.start();
      EventStream events = EventStream.open(response, wire, presence, clock);
      turns.run(new Scene(caller, chatKit.page(), request.getLocale(), events), operation);
    } finally {
      audience.exit(person, presence);
    }
  }

  /// Who takes nothing for long has left, even if its connection is still there.
  private static void sendAway(ClientWatch watch, Presence presence) {
    presence.leave(); // first, or who writes finds a broken connection and nobody who left
    watch.abort();
  }
}
