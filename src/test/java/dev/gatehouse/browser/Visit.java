package dev.gatehouse.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.FormData;
import com.microsoft.playwright.options.RequestOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A reader of the sample page, with cookies and storage of their own. What the browser complains
/// of is written down: script errors, and whatever a content security policy keeps out.
final class Visit implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private final String name;
  private final URI site;
  private final BrowserContext context;
  private final Page page;
  private final List<String> complaints = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private Visit(String name, URI site, BrowserContext context) {
    this.name = name;
    this.site = site;
    this.context = context;
    context.setDefaultTimeout(PATIENCE_MILLIS);
    context.onPage(this::listen);
    context.addInitScript(
        "addEventListener('securitypolicyviolation',"
            + " e => console.error(`policy: ${e.effectiveDirective} ${e.blockedURI}`))");
    this.page = context.newPage();
  }

  static Visit of(Chromium chromium, String name) {
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    String site = chromium.site().toString();
    Browser.NewContextOptions options =
        new Browser.NewContextOptions().setBaseURL(site).setViewportSize(1200, 800);
    return new Visit(name, chromium.site(), chromium.browser().newContext(options));
  }

  private void listen(Page opened) {
    opened.onPageError(complaints::add);
    opened.onDialog(dialog -> {
      complaints.add("dialog: " + dialog.message());
      dialog.dismiss();
    });
    opened.onConsoleMessage(message -> {
      switch (message.type()) {
        case "error" -> complaints.add(message.text() + " " + message.location());
        case "warning" -> warnings.add(message.text());
        default -> {}
      }
    });
  }

  URI site() {
    return site;
  }

  Page page() {
    return page;
  }

  BrowserContext context() {
    return context;
  }

  List<String> warnings() {
    return warnings;
  }

  List<String> complaints() {
    return complaints;
  }

  void assertNoComplaints() {
    assertEquals(List.of(), complaints);
  }

  /// Opens the sample page as somebody who has signed in before.
  Visit signedIn() {
    context
        .request()
        .post(
            "/demo/sign-in",
            RequestOptions.create()
                .setForm(FormData.create().set("user", "demo-reader"))
                .setHeader("Sec-Fetch-Site", "same-origin")
                .setMaxRedirects(0));
    page.navigate("/");
    assertThat(page.locator("#who")).hasText("Demo Reader");
    return this;
  }

  /// Opens an address of the site as an empty page that brings its own markup and no policy.
  Visit on(String html) {
    stand("**/bare", 200, "text/html; charset=utf-8", html);
    page.navigate("/bare");
    return this;
  }

  /// What an expression in the page gives, in which `m` is the browser module.
  Object run(String expression) {
    return page.evaluate(
        "async () => { const m = await import('/bff/client.js'); return (%s); }"
            .formatted(expression));
  }

  /// Sends a question as most people do.
  void ask(String question) {
    ask(page, question);
  }

  static void ask(Page page, String question) {
    awaitIdle(page);
    page.locator("#prompt").fill(question);
    page.locator("#prompt").press("Enter");
  }

  /// The page takes no question while it loads, or has another answered.
  static void awaitIdle(Page page) {
    assertThat(page.locator("#log")).hasAttribute("aria-busy", "false");
  }

  Locator answers() {
    return page.locator(".message.answer");
  }

  /// The answer with this number, once it is complete.
  Locator answer(int number) {
    Locator answer = answers().nth(number);
    assertThat(answer).hasAttribute("data-state", "done");
    assertThat(page.locator("#stop")).isHidden();
    return answer;
  }

  /// The request to this address that `steps` lead to.
  Request sent(String address, Runnable steps) {
    return page.waitForRequest(address, steps);
  }

  /// What a request tells about its page.
  static JsonNode contextOf(Request request) {
    String header = request.headerValue("X-Page-Context");
    byte[] json = Base64.getUrlDecoder().decode(header);
    return JsonMapper.shared().readTree(new String(json, StandardCharsets.UTF_8));
  }

  /// Answers an address in the place of the gate, or of the network.
  void stand(String address, int status, String type, String body) {
    Route.FulfillOptions answer =
        new Route.FulfillOptions().setStatus(status).setContentType(type).setBody(body);
    context.route(address, route -> route.fulfill(answer));
  }

  private boolean isBare() {
    return page.url().endsWith("/bare");
  }

  /// Keeps what can be seen now as part of the build's output.
  void keep(String suffix) {
    Path file = SCREENSHOTS.resolve(name + suffix + ".png");
    page.screenshot(new Page.ScreenshotOptions().setPath(file));
  }

  @Override
  public void close() {
    if (!isBare()) {
      keep("");
    }
    context.close();
  }
}
