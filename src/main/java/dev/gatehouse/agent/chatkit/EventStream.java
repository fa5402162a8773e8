package dev.gatehouse.agent.chatkit;

import dev.gatehouse.agent.chat.ClientLeft;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Events on their way to one client, each on the wire before the next is made.
final class EventStream {
  private final OutputStream out;
  private final Wire wire;
  private final Presence presence;
  private final WriteClock clock;

  private EventStream(OutputStream out, Wire wire, Presence presence, WriteClock clock) {
    this.out = out;
    this.wire = wire;
    this.presence = presence;
    this.clock = clock;
  }

  /// From here on the answer is a stream, whatever happens.
  ///
  /// @param clock watches each write
  static EventStream open(
      HttpServletResponse response, Wire wire, Presence presence, WriteClock clock)
      throws IOException {
    response.setContentType("text/event-stream");
    response.setHeader("Cache-Control", "no-cache");
    return new EventStream(response.getOutputStream(), wire, presence, clock);
  }

  void send(Event event) throws ClientLeft {
    presence.check();
    write(event);
  }

  /// The last word to somebody who was sent away.
  void sendLast(Event event) throws ClientLeft {
    write(event);
  }

  private void write(Event event) throws ClientLeft {
    String frame = "data: " + wire.event(event) + "\n\n";
    clock.begin();
    try {
      out.write(frame.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new ClientLeft(e);
    } finally {
      clock.end();
    }
  }

  /// Whether anybody still listens.
  Presence presence() {
    return presence;
  }
}
