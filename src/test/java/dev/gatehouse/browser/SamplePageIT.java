package dev.gatehouse.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InChromium.class)
final class SamplePageIT {
  private static final String SHORT = "Who am I to you?";
  private static final String LONG = "Summarise this page";

  @Test
  void readerSignsInAndReadsAnAnswer(Visit visit) {
    Page page = visit.page();
    page.navigate("/");
    assertThat(page.locator("#signed-out")).isVisible();
    visit.keep("-signed-out");
    page.locator("#sign-in").click();
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in")).click();
    assertThat(page.locator("#hello")).hasText("Hello Demo Reader");
    visit.ask(SHORT);
    assertThat(visit.answer(0)).containsText("you are Demo Reader");
    assertThat(page.locator("#sent-with")).hasText("Sent with: page, user");
    visit.assertNoComplaints();
  }

  @Test
  void stoppedAnswerStaysAndCanBeAskedForAgain(Visit visit) {
    Page page = visit.signedIn().page();
    visit.ask(LONG);
    assertThat(visit.answers()).containsText("Hello");
    page.locator("#stop").click();
    assertThat(visit.answers().locator(".mark")).hasText("Stopped");
    assertThat(visit.answers()).containsText("Hello");
    page.locator("#retry").click();
    assertThat(visit.answer(0)).containsText("A token is a key without a name on it");
    visit.assertNoComplaints();
  }

  @Test
  void conversationIsThereAfterAReload(Visit visit) {
    visit.signedIn().ask(SHORT);
    String answer = visit.answer(0).innerText();
    visit.page().reload();
    assertThat(visit.page().locator(".message.question")).containsText(SHORT);
    assertEquals(answer, visit.answers().innerText());
    visit.assertNoComplaints();
  }

  @Test
  void sessionThatEndsLeadsToTheSignInAndBack(Visit visit) {
    Page page = visit.signedIn().page();
    visit.context().clearCookies();
    visit.ask(SHORT);
    assertThat(page.locator("#problem"))
        .hasText("Your session has expired. Sign in again to go on.");
    assertThat(page.locator("#who")).hasText("Not signed in");
    assertThat(page.locator("#prompt")).hasValue(SHORT);
    visit.keep("-expired");
    page.locator("#sign-in-again").click();
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in")).click();
    assertThat(page.locator("#prompt")).hasValue(SHORT);
    page.locator("#send").click();
    assertThat(visit.answer(0)).containsText("you are Demo Reader");
  }

  @Test
  void pageWhoseScriptIsBlockedSaysSo(Visit visit) {
    visit.page().route("**/app.js", route -> route.abort());
    visit.page().navigate("/");
    assertThat(visit.page().locator("#not-started")).isVisible();
    assertThat(visit.page().locator("#not-started")).containsText("its script was blocked");
  }

  @Test
  void titleOfAPageIsTextWhateverItContains(Visit visit) {
    String title = "</title><script>alert(1)</script><img src=x onerror=alert(2)> “\\\"🦊👩‍👩‍👧”";
    Page page = visit.signedIn().page();
    page.evaluate("title => { document.title = title; }", title);
    String markup = "<img src=x onerror=alert(3)> Which page am I on?";
    Request request = visit.sent("**/api/chatkit", () -> visit.ask(markup));
    assertEquals(title, Visit.contextOf(request).get("title").asString());
    assertThat(visit.answer(0)).containsText("You are on “");
    assertThat(visit.answer(0)).containsText("🦊");
    assertThat(page.locator(".message.question")).containsText(markup);
    assertThat(page.locator("#chat :is(script, img)")).hasCount(0);
    visit.assertNoComplaints();
  }

  @Test
  void keyboardAloneIsEnough(Visit visit) {
    Page page = visit.page();
    page.navigate("/");
    assertThat(page.locator("#signed-out")).isVisible();
    tabTo(page, "#sign-in");
    page.keyboard().press("Enter");
    assertThat(page.locator("fieldset")).isVisible();
    tabTo(page, "input[name=user]");
    page.keyboard().press("ArrowDown");
    tabTo(page, "button[type=submit]");
    page.keyboard().press("Enter");
    assertThat(page.locator("#hello")).hasText("Hello Demo Editor");
    tabTo(page, "#skip-to-chat");
    page.keyboard().press("Enter");
    assertThat(page.locator("#prompt")).isFocused();
    Visit.awaitIdle(page);
    page.keyboard().type(LONG);
    page.keyboard().press("Enter");
    assertThat(page.locator("#stop")).isVisible();
    page.keyboard().press("Escape");
    assertThat(page.locator("#stop")).isHidden();
    tabTo(page, "#retry", "Shift+Tab");
    page.keyboard().press("Enter");
    assertThat(visit.answer(0)).containsText("Demo Editor");
    assertThat(page.locator("#prompt")).isFocused();
    visit.assertNoComplaints();
  }

  private static void tabTo(Page page, String selector) {
    tabTo(page, selector, "Tab");
  }

  private static void tabTo(Page page, String selector, String key) {
    for (int steps = 0; steps < 30; steps++) {
      page.keyboard().press(key);
      if ((boolean) page.evaluate("it => document.activeElement?.matches(it) ?? false", selector)) {
        return;
      }
    }
    throw new AssertionError("no tab leads to " + selector);
  }

  @Test
  void storageThatIsBlockedCostsTheHistoryOnly(Visit visit) {
    visit
        .context()
        .addInitScript(
            "Object.defineProperty(window, 'sessionStorage',"
                + " {get() { throw new DOMException('blocked', 'SecurityError'); }})");
    visit.signedIn().ask(SHORT);
    assertThat(visit.answer(0)).containsText("you are Demo Reader");
    visit.page().reload();
    assertThat(visit.page().locator("#welcome")).isVisible();
    visit.assertNoComplaints();
  }

  @Test
  void twoTabsAskAtTheSameTime(Visit visit) {
    Page first = visit.signedIn().page();
    Page second = visit.context().newPage();
    second.navigate("/");
    assertThat(second.locator("#hello")).hasText("Hello Demo Reader");
    Visit.ask(first, "Which page am I on?");
    Visit.ask(second, SHORT);
    assertThat(first.locator("#stop")).isVisible();
    assertThat(second.locator(".message.answer")).hasAttribute("data-state", "done");
    assertThat(visit.answer(0)).containsText("metadata.pageContext");
    assertThat(second.locator(".message.answer")).containsText("you are Demo Reader");
    visit.assertNoComplaints();
  }

  @Test
  void policyKeepsOutWhatAPageDidNotBring(Visit visit) {
    Page page = visit.signedIn().page();
    page.evaluate(
        """
        () => {
          const script = document.createElement("script");
          script.textContent = "window.taken = true";
          document.body.append(script);
        }
        """);
    assertEquals("undefined", page.evaluate("() => typeof window.taken"));
    assertTrue(visit.complaints().toString().contains("policy: script-src"), "nothing was said");
  }

  @Test
  void readerWhomTheGateDoesNotKnowIsGreetedWithoutAName(Visit visit) {
    String reader = "{\"authenticated\":true,\"verified\":false}";
    visit.stand("**/bff/user", 200, "application/json", reader);
    visit.page().navigate("/");
    assertThat(visit.page().locator("#who")).hasText("Signed in");
    assertThat(visit.page().locator("#who")).hasAttribute("title", "");
    assertThat(visit.page().locator("#hello")).hasText("Hello");
    assertThat(visit.page().locator("#prompt")).isEnabled();
  }
}
