package dev.gatehouse.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The sample page with what the offline agent does not have: long lists, and items of every kind.
/// The answers stand in for an agent's.
@ExtendWith(InChromium.class)
final class SampleHistoryIT {
  private static final String THREAD =
      """
      {"id":"thr_1","title":"Long","created_at":"2026-01-02T03:04:05Z","status":{"type":"active"},\
      "items":{"data":[],"has_more":%s,"after":null}}\
      """;

  /// Answers operations by their type, and where a list goes on by type and cursor.
  private static Page open(Visit visit, Map<String, String> answers) {
    visit.context().route("**/api/chatkit", route -> route.fulfill(answer(route, answers)));
    visit.context().addInitScript("sessionStorage.setItem('gatehouse.thread', 'thr_1')");
    return visit.signedIn().page();
  }

  private static Route.FulfillOptions answer(Route route, Map<String, String> answers) {
    JsonNode request = JsonMapper.shared().readTree(route.request().postData());
    String type = request.get("type").asString();
    String after = request.at("/params/after").asString("");
    String body = answers.getOrDefault(after.isEmpty() ? type : type + " " + after, "{}");
    boolean stream = body.startsWith("data:");
    return new Route.FulfillOptions()
        .setContentType(stream ? "text/event-stream" : "application/json")
        .setBody(body);
  }

  /// A page, newest first.
  private static String items(int newest, int oldest, String more) {
    return IntStream.iterate(newest, it -> it >= oldest, it -> it - 1)
        .mapToObj(SampleHistoryIT::question)
        .collect(Collectors.joining(",", "{\"data\":[", "]," + more + "}"));
  }

  private static String question(int number) {
    return """
    {"id":"msg_%d","type":"user_message","attachments":[],\
    "content":[{"type":"input_text","text":"Question %d"}]}\
    """
        .formatted(number, number);
  }

  @Test
  void longConversationIsShownFromItsEndBackwards(Visit visit) {
    Page page =
        open(
            visit,
            Map.of(
                "threads.get_by_id",
                THREAD.formatted("true"),
                "items.list",
                items(60, 21, "\"has_more\":true,\"after\":\"msg_21\""),
                "items.list msg_21",
                items(20, 1, "\"has_more\":false,\"after\":null")));
    Locator questions = page.locator(".question");
    assertThat(questions).hasCount(40);
    assertThat(questions.last()).hasText("YouQuestion 60");
    assertThat(page.locator("#sent-with")).isEmpty();
    assertThat(questions.last()).isInViewport();
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Earlier messages"))
        .click();
    assertThat(questions).hasCount(60);
    assertThat(questions.first()).hasText("YouQuestion 1");
    assertThat(questions.nth(20)).isInViewport();
    assertThat(page.locator("#earlier")).isHidden();
    visit.assertNoComplaints();
  }

  @Test
  void listOfConversationsIsLoadedPieceByPiece(Visit visit) {
    String first =
        "{\"data\":[" + THREAD.formatted("false") + "],\"has_more\":true,\"after\":\"x\"}";
    String rest = "{\"data\":[{\"id\":\"thr_2\",\"created_at\":\"?\"}],\"has_more\":false}";
    Page page =
        open(
            visit,
            Map.of(
                "threads.get_by_id", THREAD.formatted("false"),
                "threads.list", first,
                "threads.list x", rest));
    page.locator("#threads-toggle").click();
    assertThat(page.locator(".thread")).hasCount(1);
    page.locator("#more-threads").click();
    assertThat(page.locator(".thread")).hasCount(2);
    assertThat(page.locator(".thread").last()).containsText("Untitled conversation");
    assertThat(page.locator("#more-threads")).isHidden();
    visit.assertNoComplaints();
  }

  @Test
  void taskIsALineThatOpens(Visit visit) {
    String task =
        """
        {"id":"tsk_1","type":"task","task":{"type":"custom","title":"Look up <b>orders</b>",\
        "icon":"wrench","content":"%s","status_indicator":"%s"}}\
        """;
    String stream =
        event("thread.item.added", task.formatted("", "loading"))
            + event("thread.item.done", task.formatted("- one\\n- <i>two</i>", "complete"));
    Page page =
        open(
            visit,
            Map.of(
                "threads.get_by_id",
                THREAD.formatted("false"),
                "threads.add_user_message",
                stream));
    assertThat(page.locator("#thread-title")).hasText("Long");
    visit.ask("Look up my orders");
    assertThat(page.locator(".task summary")).hasText("Look up <b>orders</b>");
    assertThat(page.locator(".task .text")).isHidden();
    page.locator(".task summary").click();
    assertThat(page.locator(".task li")).hasText(new String[] {"one", "<i>two</i>"});
    assertThat(page.locator(".task .spinner")).hasCount(0);
    visit.assertNoComplaints();
  }

  @Test
  void taskIsBusyUntilItIsDone(Visit visit) {
    String busy =
        event(
            "thread.item.added",
            """
            {"id":"tsk_1","type":"task","task":{"title":"Search","status_indicator":"loading"}}\
            """);
    Page page =
        open(
            visit,
            Map.of(
                "threads.get_by_id", THREAD.formatted("false"), "threads.add_user_message", busy));
    assertThat(page.locator("#thread-title")).hasText("Long");
    visit.ask("Search");
    assertThat(page.locator(".task")).hasAttribute("data-state", "interrupted");
    assertThat(page.locator(".task .mark")).hasText("Incomplete");
    assertThat(page.locator("#retry")).isVisible();
    visit.assertNoComplaints();
  }

  @Test
  void widgetOfUnknownNodesIsShownAsItsText(Visit visit) {
    String widget =
        """
        {"id":"wid_1","type":"widget","widget":{"type":"Card","children":[\
        {"type":"Hologram","value":"<img src=x onerror=alert(1)>","children":[\
        {"type":"Text","value":"within"}]},{"type":"Image","src":"https://example.com/x.png","alt":"A chart"},\
        {"type":"Button","label":"<b>Go</b>","onClickAction":{"type":"x","handler":"client"}},null,7]}}\
        """;
    Page page =
        open(
            visit,
            Map.of(
                "threads.get_by_id", THREAD.formatted("false"),
                "threads.add_user_message", event("thread.item.done", widget)));
    assertThat(page.locator("#thread-title")).hasText("Long");
    visit.ask("Show something");
    Locator card = page.locator(".card");
    assertThat(card).containsText("<img src=x onerror=alert(1)>");
    assertThat(card).containsText("within");
    assertThat(card).containsText("A chart");
    card.locator("button").click();
    assertThat(page.locator("#notice")).hasText("This page cannot do that.");
    assertTrue(page.locator("#chat img").count() == 0, "an image was made");
    visit.assertNoComplaints();
  }

  private static String event(String type, String item) {
    return "data: {\"type\":\"" + type + "\",\"item\":" + item + "}\n\n";
  }
}
