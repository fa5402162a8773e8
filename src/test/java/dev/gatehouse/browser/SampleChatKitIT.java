package dev.gatehouse.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The sample page with a domain key. OpenAI's script needs the internet, so that an element of the
/// same name stands in.
@ExtendWith(InChromium.class)
final class SampleChatKitIT {
  private static final String CONFIG =
      """
      {"routes":[{"path":"/api/chatkit","protocol":"chatkit"}],"chatkit":{"domainKey":"key-1"}}
      """;

  /// Keeps the options it gets, shows them, and can ask as ChatKit does.
  private static final String STAND_IN =
      """
      customElements.define("openai-chatkit", class extends HTMLElement {
        setOptions(options) {
          this.options = options;
          this.textContent = `${options.api.url} ${options.api.domainKey}`;
          if (!window.silent) this.dispatchEvent(new CustomEvent("chatkit.ready"));
        }
        async list() {
          const { url, fetch } = this.options.api;
          const body = JSON.stringify({ type: "threads.list", params: {} });
          const headers = { "Content-Type": "application/json" };
          const response = await fetch(url, { method: "POST", headers, body });
          return [response.status, response.headers.get("X-Gatehouse-Context")].join(" ");
        }
      });
      """;

  /// Asks as soon as it may, before it says that it works.
  private static final String HASTY =
      """
      const allowed = new Promise(resolve => window.allow = resolve);
      customElements.define("openai-chatkit", class extends HTMLElement {
        async setOptions({ api }) {
          await allowed;
          await api.fetch(api.url, { method: "POST", body: "{}" });
          setTimeout(() => {
            this.dispatchEvent(new CustomEvent("chatkit.ready"));
            window.ready = true;
          }, 100);
        }
      });
      """;

  private static Page open(Visit visit, String script) {
    visit.stand("**/bff/config", 200, "application/json", CONFIG);
    visit.context().addInitScript(script);
    return visit.signedIn().page();
  }

  @Test
  void chatKitTakesThePlaceOfTheBuiltInPanel(Visit visit) {
    Page page = open(visit, STAND_IN);
    assertThat(page.locator("openai-chatkit")).isVisible();
    assertThat(page.locator("openai-chatkit")).hasText("/api/chatkit key-1");
    assertThat(page.locator("#composer")).isHidden();
    assertEquals(
        "200 page,user", page.evaluate("() => document.querySelector('openai-chatkit').list()"));
    visit.assertNoComplaints();
  }

  @Test
  void scriptThatIsBlockedLeavesTheBuiltInPanel(Visit visit) {
    Page page = open(visit, "");
    assertThat(page.locator("#notice"))
        .hasText("ChatKit could not be loaded. This is the built-in panel instead.");
    visit.ask("Who am I to you?");
    assertThat(visit.answer(0)).containsText("you are Demo Reader");
  }

  @Test
  void frameThatStaysSilentLeavesTheBuiltInPanel(Visit visit) {
    visit.context().clock().install();
    Page page = open(visit, "window.silent = true;" + STAND_IN);
    assertThat(page.locator("openai-chatkit")).hasText("/api/chatkit key-1");
    visit.context().clock().fastForward(10_000);
    assertThat(page.locator("#notice")).containsText("ChatKit could not be loaded.");
    assertThat(page.locator("openai-chatkit")).hasCount(0);
    assertThat(page.locator("#composer")).isVisible();
  }

  @Test
  void sessionThatEndsInChatKitLeadsToTheSignIn(Visit visit) {
    Page page = open(visit, STAND_IN);
    assertThat(page.locator("openai-chatkit")).isVisible();
    visit.context().clearCookies();
    page.evaluate("() => document.querySelector('openai-chatkit').list()");
    assertThat(page.locator("#problem"))
        .hasText("Your session has expired. Sign in again to go on.");
    assertThat(page.locator("#sign-in-again")).isVisible();
    assertThat(page.locator("openai-chatkit")).hasCount(0);
  }

  @Test
  void sessionThatEndsWhileChatKitStartsLeadsToTheSignIn(Visit visit) {
    String refusal = "{\"status\":401,\"code\":\"token-expired\"}";
    visit.stand("**/api/chatkit", 401, "application/problem+json", refusal);
    Page page = open(visit, HASTY);
    page.evaluate("() => allow()");
    page.waitForFunction("() => window.ready");
    assertThat(page.locator("#problem"))
        .hasText("Your session has expired. Sign in again to go on.");
    assertThat(page.locator("#problem")).isVisible();
    assertThat(page.locator("#sign-in-again")).isVisible();
    assertThat(page.locator("#notice")).isHidden();
    assertThat(page.locator("openai-chatkit")).hasCount(0);
  }
}
