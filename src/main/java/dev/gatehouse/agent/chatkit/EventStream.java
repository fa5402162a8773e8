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

  private EventStream(OutputStream out, Wire wire, Presence presence) {
    this.out = out;
    this.wire = wire;
    this.presence = presence;
  }

  /// From here on the answer is a stream, whatever happens.
  static EventStream open(HttpServletResponse response, Wire wire, Presence presence)
      throws IOException {
    response.setContentType("text/event-stream");
    response.setHeader("Cache-Control", "no-cache");
    return new EventStream(response.getOutputStream(), wire, presence);
  }

  void send(Event event) throws ClientLeft {
    presence.check();
    String frame = "data: " + wire.event(event) + "\n\n";
    try {
      out.write(frame.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new ClientLeft(e);
    }
  }

  /// Whether anybody still listens.
  Presence presence() {
    return presence;
  }
}
