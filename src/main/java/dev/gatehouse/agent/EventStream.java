package dev.gatehouse.agent;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Events on their way to one client, each on the wire before the next is made.
final class EventStream {
  private final OutputStream out;

  private EventStream(OutputStream out) {
    this.out = out;
  }

  /// From here on the answer is a stream, whatever happens.
  static EventStream open(HttpServletResponse response) throws IOException {
    response.setContentType("text/event-stream");
    response.setHeader("Cache-Control", "no-cache");
    return new EventStream(response.getOutputStream());
  }

  void send(Event event) throws ClientLeft {
    String frame = "data: " + Wire.event(event) + "\n\n";
    try {
      out.write(frame.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new ClientLeft(e);
    }
  }
}
