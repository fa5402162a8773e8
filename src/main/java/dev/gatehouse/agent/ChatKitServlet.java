package dev.gatehouse.agent;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The one ChatKit endpoint: who is asking, what is asked, then JSON or a stream of events.
final class ChatKitServlet extends HttpServlet {
  @Serial private static final long serialVersionUID = 1;
  private static final int MOST_BYTES = 16 * 1024 * 1024;

  private final transient BearerCheck bearers;
  private final transient Lookups lookups;
  private final transient Turns turns;

  ChatKitServlet(BearerCheck bearers, Lookups lookups, Turns turns) {
    this.bearers = bearers;
    this.lookups = lookups;
    this.turns = turns;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      answer(request, response);
    } catch (Refusal refusal) {
      refusal.answer(response);
    } catch (ClientLeft e) {
      // Stop in ChatKit is nothing but a closed connection: all is kept, nobody is listening.
    }
  }

  private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (!request.getMethod().equals("POST")) {
      throw Refusal.methodNotAllowed();
    }
    Person person = bearers.person(Collections.list(request.getHeaders("Authorization")));
    ChatKitRequest chatKit = ChatKitRequest.parse(body(request));
    switch (chatKit.operation()) {
      case Operation.Lookup lookup -> json(lookups.answer(person, lookup), response);
      case Operation.Streaming streaming ->
          turns.run(person, streaming, chatKit.page(), EventStream.open(response));
    }
  }

  private static byte[] body(HttpServletRequest request) throws IOException {
    if (!isJson(request.getContentType())) {
      throw Refusal.notJson();
    }
    byte[] body = request.getInputStream().readNBytes(MOST_BYTES + 1);
    if (body.length > MOST_BYTES) {
      throw Refusal.tooLarge();
    }
    return body;
  }

  private static boolean isJson(@Nullable String contentType) {
    if (contentType == null) {
      return false;
    }
    int parameters = contentType.indexOf(';');
    String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
    return type.strip().toLowerCase(Locale.ROOT).equals("application/json");
  }

  private static void json(ObjectNode answer, HttpServletResponse response) throws IOException {
    response.setContentType("application/json");
    response.setHeader("Cache-Control", "no-store");
    response.getOutputStream().write(answer.toString().getBytes(StandardCharsets.UTF_8));
  }
}
