package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Files on their whole way: announced, uploaded, sent, looked at, deleted.
final class AttachmentsTest {
  private static final String READER = RunningAgent.READER;
  private static final String EDITOR = RunningAgent.EDITOR;
  private static final byte[] PIXELS = "not really a picture".getBytes(StandardCharsets.UTF_8);

  private final RunningAgent agent = RunningAgent.start();

  @AfterEach
  void stop() {
    agent.close();
  }

  private JsonNode announced() {
    return agent.lookup(
        READER,
        """
        {"type":"attachments.create","params":{"name":"a.png","size":%d,"mime_type":"image/png"}}\
        """
            .formatted(PIXELS.length));
  }

  private String uploaded() {
    JsonNode attachment = announced();
    JsonNode descriptor = attachment.at("/upload_descriptor");
    Request put =
        new Request.Builder()
            .url(descriptor.at("/url").stringValue())
            .method(
                descriptor.at("/method").stringValue(),
                RequestBody.create(PIXELS, MediaType.get("image/png")))
            .build();
    assertEquals(200, agent.send(put).status());
    return attachment.at("/id").stringValue();
  }

  private static String create(String attachment) {
    return """
    {"type":"threads.create","params":{"input":{"content":[{"type":"input_text","text":"Look"}],\
    "attachments":["%s"],"inference_options":{}}}}\
    """
        .formatted(attachment);
  }

  private static String delete(String type, String name, String id) {
    return """
    {"type":"%s.delete","params":{"%s":"%s"}}\
    """
        .formatted(type, name, id);
  }

  private RunningAgent.Answer preview(JsonNode item) {
    String url = item.at("/attachments/0/preview_url").stringValue();
    return agent.send(new Request.Builder().url(url).build());
  }

  @Test
  void uploadedFileIsPartOfTheMessageAndCanBeSeen() {
    String id = uploaded();
    List<JsonNode> events = agent.stream(READER, create(id));
    JsonNode item = events.get(1).at("/item");
    assertEquals("image", item.at("/attachments/0/type").stringValue());
    assertEquals("a.png", item.at("/attachments/0/name").stringValue());
    RunningAgent.Answer preview = preview(item);
    assertEquals("not really a picture", preview.body());
    assertEquals("image/png", preview.header("Content-Type"));
    assertTrue(Asking.said(events).contains("“a.png”"));
    String thread = events.getFirst().at("/thread/id").stringValue();
    JsonNode later = agent.lookup(READER, Asking.byId(thread)).at("/items/data/0");
    assertEquals(200, preview(later).status());
  }

  @Test
  void fileOfSomebodyElseOrOneThatIsNotThereYetIsRefusedAndMakesNoThread() {
    String mine = uploaded();
    assertError(agent.stream(EDITOR, create(mine)));
    assertError(agent.stream(READER, create("atc_none")));
    assertError(agent.stream(READER, create(announced().at("/id").stringValue())));
    assertEquals(0, agent.lookup(READER, Asking.threads("")).at("/data").size());
    assertEquals(0, agent.lookup(EDITOR, Asking.threads("")).at("/data").size());
  }

  @Test
  void fileThatWasSentIsUnknownElsewhereAndStaysWhereItIs() {
    String id = uploaded();
    List<JsonNode> events = agent.stream(READER, create(id));
    assertError(agent.stream(READER, create(id)));
    String other = agent.ask(READER, "Hi");
    String again = create(id).replace("threads.create", "threads.add_user_message");
    assertError(
        agent.stream(
            READER, again.replace("\"params\":{", "\"params\":{\"thread_id\":\"" + other + "\",")));
    assertEquals(2, agent.lookup(READER, Asking.threads("")).at("/data").size());
    assertEquals(2, agent.lookup(READER, Asking.byId(other)).at("/items/data").size());
    agent.lookup(READER, delete("threads", "thread_id", other));
    assertEquals(200, preview(events.get(1).at("/item")).status());
  }

  @Test
  void deletedFileIsGone() {
    String id = uploaded();
    String delete = delete("attachments", "attachment_id", id);
    agent.post(EDITOR, delete).assertRefused(404);
    assertEquals("{}", agent.lookup(READER, delete).toString());
    agent.post(READER, delete).assertRefused(404);
    assertError(agent.stream(READER, create(id)));
  }

  @Test
  void fileGoesWithItsThread() {
    List<JsonNode> events = agent.stream(READER, create(uploaded()));
    JsonNode item = events.get(1).at("/item");
    assertEquals(200, preview(item).status());
    String thread = events.getFirst().at("/thread/id").stringValue();
    agent.lookup(READER, delete("threads", "thread_id", thread));
    assertFalse(preview(item).status() == 200);
  }

  @Test
  void threadThatCannotBeDeletedKeepsItsFile() throws Exception {
    List<JsonNode> events = agent.stream(READER, create(uploaded()));
    String thread = events.getFirst().at("/thread/id").stringValue();
    try (Connection database =
            DriverManager.getConnection("jdbc:sqlite:" + agent.data.resolve("agent.db"));
        Statement statement = database.createStatement()) {
      statement.execute(
          """
          CREATE TRIGGER held BEFORE DELETE ON threads BEGIN SELECT RAISE(ABORT, 'held'); END\
          """);
    }
    agent.post(READER, delete("threads", "thread_id", thread)).assertRefused(503);
    assertEquals(200, preview(events.get(1).at("/item")).status());
  }

  @Test
  void fileGoesWithItsMessageIfThatIsForgotten() {
    String kept = uploaded();
    List<JsonNode> events = agent.stream(READER, create(kept));
    String thread = events.getFirst().at("/thread/id").stringValue();
    JsonNode first = events.get(1).at("/item");
    String add =
        create(kept + "\",\"" + uploaded())
            .replace("threads.create", "threads.add_user_message")
            .replace("\"params\":{", "\"params\":{\"thread_id\":\"" + thread + "\",");
    JsonNode second = agent.stream(READER, add).getFirst().at("/item");
    String other = second.at("/attachments/1/preview_url").stringValue();
    assertEquals(200, agent.send(new Request.Builder().url(other).build()).status());
    agent.stream(READER, Asking.retry(thread, first.at("/id").stringValue()));
    assertEquals(404, agent.send(new Request.Builder().url(other).build()).status());
    assertEquals(200, preview(first).status());
  }

  @Test
  void fileThatIsTooLargeIsTurnedAway() {
    agent
        .post(
            READER,
            """
            {"type":"attachments.create","params":\
            {"name":"a","size":1048577,"mime_type":"image/png"}}\
            """)
        .assertRefused(400);
  }

  private static void assertError(List<JsonNode> events) {
    assertEquals(List.of("error"), Asking.types(events));
  }
}
