package dev.gatehouse.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the reference agent can show, in the sample page's own panel.
@ExtendWith(InChromium.class)
final class SamplePanelIT {
  private static final Pattern HIGHLIGHTED = Pattern.compile("\\bhighlighted\\b");

  /// One pixel.
  private static final byte[] IMAGE =
      Base64.getDecoder()
          .decode(
              "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
                  + "rkJggg==");

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  private static Locator threads(Page page) {
    return page.locator(".thread-open");
  }

  /// The request for this operation that `steps` lead to.
  private static JsonNode sent(Page page, String type, Runnable steps) {
    Request request =
        page.waitForRequest(
            it -> it.url().endsWith("/api/chatkit") && typeOf(it).equals(type), steps);
    return body(request).get("params");
  }

  private static String typeOf(Request request) {
    return body(request).path("type").asString("");
  }

  private static JsonNode body(Request request) {
    return JsonMapper.shared().readTree(request.postData());
  }

  /// Leaves a conversation that began with this question, and its answer.
  private static void converse(Visit visit, String question) {
    button(visit.page(), "New conversation").click();
    visit.ask(question);
    visit.answer(0);
  }

  @Test
  void olderConversationIsOpenedFromTheListAndStaysOpen(Visit visit) {
    Page page = visit.signedIn().page();
    converse(visit, "Who am I to you?");
    converse(visit, "Which page am I on?");
    button(page, "Conversations").click();
    Locator older = threads(page).filter(new Locator.FilterOptions().setHasText("Who am I"));
    assertThat(threads(page).first()).containsText("Which page am I on?");
    assertThat(threads(page).first()).hasAttribute("aria-current", "true");
    visit.keep("-list");
    older.first().click();
    assertThat(page.locator("#threads")).isHidden();
    assertThat(visit.answers()).containsText("you are Demo Reader");
    page.reload();
    assertThat(page.locator("#thread-title")).hasText("Who am I to you?");
    assertThat(visit.answers()).containsText("you are Demo Reader");
    visit.assertNoComplaints();
  }

  @Test
  void conversationIsRenamedAndItsTitleIsTextWhateverItContains(Visit visit) {
    Page page = visit.signedIn().page();
    converse(visit, "Who am I to you?");
    String title = "<img src=x onerror=alert(1)></ul><script>alert(2)</script> \"& \u202Eevil";
    button(page, "Conversations").click();
    page.locator(".thread .tool").first().click();
    page.getByLabel("New title").fill(title);
    button(page, "Save").click();
    assertThat(threads(page).first()).containsText(title);
    assertThat(page.locator("#thread-title")).hasText(title);
    page.locator(".thread .tool").nth(1).click();
    assertThat(page.locator(".thread-ask")).containsText(title);
    visit.keep("-asked");
    page.keyboard().press("Escape");
    assertThat(threads(page).first()).isVisible();
    page.keyboard().press("Escape");
    assertThat(page.locator("#threads")).isHidden();
    assertThat(page.locator("#threads-toggle")).isFocused();
    page.reload();
    assertThat(page.locator("#thread-title")).hasText(title);
    assertThat(page.locator("#chat :is(script, img)")).hasCount(0);
    visit.assertNoComplaints();
  }

  @Test
  void toolOfTheShopIsCalledInTheNameOfWhoeverAsks(Visit visit) {
    Page page = visit.signedIn().page();
    visit.ask("Look up my orders");
    assertThat(page.locator(".task")).containsText("Orders");
    assertThat(visit.answer(0)).containsText("Order 1002: Gate hinges, shipped");
    visit.ask("Cancel order 1002");
    assertThat(visit.answer(1)).containsText("That did not work");
    visit.keep("-tools");
    page.reload();
    assertThat(page.locator(".task")).hasCount(2);
    visit.assertNoComplaints();
  }

  @Test
  void deletedConversationIsGoneFromTheListAndThePanel(Visit visit) {
    Page page = visit.signedIn().page();
    converse(visit, "Which page am I on, for the last time?");
    button(page, "Conversations").click();
    page.locator(".thread .tool").nth(1).click();
    assertThat(button(page, "Keep")).isFocused();
    JsonNode params = sent(page, "threads.delete", () -> button(page, "Delete").click());
    assertTrue(params.get("thread_id").asString().startsWith("thr_"));
    assertThat(threads(page).filter(new Locator.FilterOptions().setHasText("for the last time")))
        .hasCount(0);
    assertThat(page.locator(".message")).hasCount(0);
    page.keyboard().press("Escape");
    assertThat(page.locator("#welcome")).isVisible();
    page.reload();
    assertThat(page.locator("#welcome")).isVisible();
    visit.assertNoComplaints();
  }

  @Test
  void buttonsOfACardGoThreeWays(Visit visit) {
    Page page = visit.signedIn().page();
    visit.ask("Show me a card");
    visit.answer(0);
    assertThat(page.locator(".card .widget-title")).hasText("Read the introduction");
    visit.keep("-drawn");
    Locator done = button(page, "Mark as done");
    sent(page, "threads.sync_custom_action", done::click);
    assertThat(page.locator(".card")).containsText("Done.");
    assertThat(button(page, "Not done after all")).isFocused();
    sent(page, "threads.custom_action", () -> button(page, "Tell me more").click());
    assertThat(visit.answer(1)).containsText("This came from a button");
    button(page, "Show it on the page").click();
    assertThat(page.locator("h1")).hasClass(HIGHLIGHTED);
    visit.keep("-highlighted");
    page.reload();
    assertThat(page.locator(".card")).containsText("Done.");
    visit.assertNoComplaints();
  }

  @Test
  void lineOfAListIsPicked(Visit visit) {
    Page page = visit.signedIn().page();
    visit.ask("Make a list");
    visit.answer(0);
    button(page, "Streams").click();
    assertThat(visit.answer(1)).containsText("You picked “Streams”.");
    visit.assertNoComplaints();
  }

  @Test
  void formIsFilledOnceAndStaysAnswered(Visit visit) {
    Page page = visit.signedIn().page();
    visit.ask("Give me a form");
    visit.answer(0);
    button(page, "Send answers").click();
    assertThat(page.locator(".form-hint")).containsText("Answer at least one question");
    page.getByLabel("AG-UI").check();
    page.getByLabel("What should it be able to do?").fill("Read <b>this</b>");
    visit.keep("-filled");
    JsonNode params =
        sent(page, "threads.add_structured_input", () -> button(page, "Send answers").click());
    assertEquals("AG-UI", params.at("/input/answers/protocol/values/0").asString());
    assertThat(page.locator(".answers dd")).hasText(new String[] {"AG-UI", "Read <b>this</b>"});
    assertThat(visit.answer(1)).containsText("Thank you.");
    page.reload();
    assertThat(page.locator(".answers dd").first()).hasText("AG-UI");
    assertThat(page.locator(".form")).hasCount(0);
    visit.assertNoComplaints();
  }

  @Test
  void formIsSkipped(Visit visit) {
    Page page = visit.signedIn().page();
    visit.ask("Give me a form");
    visit.answer(0);
    button(page, "Skip").click();
    assertThat(page.locator(".card")).containsText("You skipped these questions.");
    assertThat(visit.answer(1)).containsText("Then not.");
    visit.assertNoComplaints();
  }

  @Test
  void fileIsUploadedSeenAndSent(Visit visit) {
    Page page = visit.signedIn().page();
    page.locator("#files")
        .setInputFiles(
            new FilePayload[] {
              new FilePayload("<img src=x>.png", "image/png", IMAGE),
              new FilePayload("notes.txt", "text/plain", "hello".getBytes(StandardCharsets.UTF_8))
            });
    assertThat(page.locator(".chip[data-state=ready]")).hasCount(2);
    assertSeen(page, ".chip img");
    visit.keep("-tray");
    JsonNode params =
        sent(page, "attachments.delete", () -> button(page, "Remove notes.txt").click());
    assertTrue(params.get("attachment_id").asString().startsWith("atc_"));
    visit.ask("What is this?");
    assertThat(page.locator(".chip")).hasCount(0);
    assertThat(visit.answer(0)).containsText(IMAGE.length + " bytes");
    assertSeen(page, ".question img");
    assertThat(page.locator(".question img")).hasAttribute("alt", "<img src=x>.png");
    page.reload();
    assertSeen(page, ".question img");
    visit.assertNoComplaints();
  }

  private static void assertSeen(Page page, String image) {
    page.waitForFunction("it => document.querySelector(it)?.naturalWidth === 1", image);
  }

  @Test
  void assistantIsToldWhatIsSelectedOnThePage(Visit visit) {
    Page page = visit.signedIn().page();
    page.locator("h1").selectText();
    JsonNode params =
        sent(page, "threads.add_client_tool_output", () -> visit.ask("What did I mark?"));
    assertEquals("Why a chat should never hold your token", params.get("result").asString());
    assertThat(visit.answer(1)).containsText("Why a chat should never hold your token");
    assertThat(page.locator(".message.call")).hasText("The page was asked: page selection");
    visit.assertNoComplaints();
  }

  @Test
  void assistantMarksTheHeading(Visit visit) {
    Page page = visit.signedIn().page();
    visit.ask("Highlight something");
    assertThat(page.locator("h1")).hasClass(HIGHLIGHTED);
    assertThat(visit.answer(0)).containsText("its heading was just marked");
    visit.assertNoComplaints();
  }

  @Test
  void noticeIsShownAndNotKept(Visit visit) {
    Page page = visit.signedIn().page();
    visit.ask("Warn me");
    assertThat(page.locator("#notice.warning"))
        .hasText("A notice: It stands beside the conversation.");
    visit.answer(0);
    page.reload();
    assertThat(visit.answers()).containsText("A notice is not part");
    assertThat(page.locator("#notice")).isHidden();
    visit.assertNoComplaints();
  }

  @Test
  void answerIsJudged(Visit visit) {
    Page page = visit.signedIn().page();
    visit.ask("Who am I to you?");
    visit.answer(0);
    JsonNode params = sent(page, "items.feedback", () -> button(page, "Good answer").click());
    assertEquals("positive", params.get("kind").asString());
    assertThat(button(page, "Good answer")).hasAttribute("aria-pressed", "true");
    sent(page, "items.feedback", () -> button(page, "Bad answer").click());
    assertThat(button(page, "Good answer")).hasAttribute("aria-pressed", "false");
    visit.assertNoComplaints();
  }

  @Test
  void lastQuestionIsAnsweredAgain(Visit visit) {
    Page page = visit.signedIn().page();
    visit.ask("Who am I to you?");
    visit.answer(0);
    sent(page, "threads.retry_after_item", () -> button(page, "Answer again").click());
    assertThat(visit.answer(0)).containsText("you are Demo Reader");
    assertThat(visit.answers()).hasCount(1);
    visit.assertNoComplaints();
  }

  @Test
  void closedConversationTakesNothingMore(Visit visit) {
    Page page = visit.signedIn().page();
    visit.ask("Show me a card");
    visit.answer(0);
    visit.ask("Close this conversation");
    visit.answer(1);
    page.reload();
    assertThat(page.locator("#closed")).containsText("You asked to close this conversation.");
    assertThat(page.locator("#prompt")).isDisabled();
    assertThat(button(page, "Attach files")).isDisabled();
    assertThat(button(page, "Tell me more")).hasAttribute("aria-disabled", "true");
    button(page, "Conversations").click();
    assertThat(threads(page).first()).containsText("Closed");
    page.keyboard().press("Escape");
    page.locator("#new-after-closed").click();
    assertThat(page.locator("#prompt")).isFocused();
    assertThat(page.locator("#prompt")).isEnabled();
    visit.assertNoComplaints();
  }

  @Test
  void composerStaysInViewOnASmallScreen(Visit visit) {
    Page page = visit.signedIn().page();
    page.setViewportSize(360, 740);
    button(page, "Open the chat").click();
    visit.ask("Give me a form");
    visit.answer(0);
    FilePayload[] files = new FilePayload[6];
    for (int i = 0; i < files.length; i++) {
      files[i] = new FilePayload("a file with a long name " + i + ".png", "image/png", IMAGE);
    }
    page.locator("#files").setInputFiles(files);
    assertThat(page.locator(".chip[data-state=ready]")).hasCount(6);
    assertThat(page.locator("#prompt")).isInViewport();
    assertThat(page.locator("#send")).isInViewport();
    assertEquals(360, page.evaluate("() => document.documentElement.scrollWidth"));
    button(page, "Conversations").focus();
    page.keyboard().press("Enter");
    assertThat(threads(page).first()).isVisible();
    page.keyboard().press("Tab");
    assertThat(threads(page).first()).isFocused();
    page.keyboard().press("Escape");
    assertThat(button(page, "Conversations")).isFocused();
    visit.assertNoComplaints();
  }
}
