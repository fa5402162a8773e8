package dev.gatehouse.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Request;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What the module tells about a page, and what it does to requests.
@ExtendWith(InChromium.class)
final class ClientModuleIT {
  private static final String PAGE =
      """
      <!doctype html><title>Prices &amp; plans</title>
      <meta name="description" content=" What it\n costs ">
      <h1>Outside</h1>
      <main><h1>All <b>plans</b></h1><h2 data-gatehouse-ignore>Secret</h2>
      <h3>Free <span data-gatehouse-ignore>for you</span></h3><h4>Small print</h4>
      <h2>3</h2><h2>4</h2><h2>5</h2><h2>6</h2></main>
      """;

  private static final String PROBLEM = "application/problem+json";

  /// An object of this many levels, the context being one more.
  private static final String NEST =
      """
      const nest = (levels) => Array(levels - 1).fill().reduce((inner) => ({ "[{": inner }), {});
      """;

  private static Request sent(Visit visit, String expression) {
    return visit.sent(
        "**/api/thing", () -> visit.run("await (%s).catch(e => e)".formatted(expression)));
  }

  @Test
  void contextHasFiveMembersOfThePage(Visit visit) {
    visit.on(PAGE);
    assertEquals(
        Map.of(
            "url", visit.site() + "/bare",
            "path", "/bare",
            "title", "Prices & plans",
            "description", "What it costs",
            "headings", "All plans\nFree\n3\n4\n5"),
        visit.run("m.pageContext()"));
  }

  @Test
  void contextIsReadWhenARequestIsSent(Visit visit) {
    visit.on(PAGE).run("document.title = 'Later'");
    Request request = sent(visit, "m.fetch('/api/thing')");
    assertEquals("Later", Visit.contextOf(request).get("title").asString());
    assertEquals("1", request.headerValue("X-CSRF"));
  }

  @Test
  void elementsNamedLikePropertiesOfTheDocumentBreakNothing(Visit visit) {
    visit.on(
        "<!doctype html><title>Real</title><img name=title><form name=querySelectorAll></form>");
    Request request = sent(visit, "m.fetch('/api/thing')");
    assertEquals("1", request.headerValue("X-CSRF"));
    assertTrue(visit.warnings().toString().contains("the page context failed"), "nothing was said");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<h2>a</h2>", "<h2> </h2>", "<h2 data-gatehouse-ignore>a</h2>"})
  void hundredThousandHeadingsHoldNothingUp(String heading, Visit visit) {
    visit.on("<!doctype html><title>Long</title><main></main>");
    Object millis =
        visit.run(
            """
            (() => {
              document.querySelector("main").innerHTML = "%s".repeat(100_000);
              const start = performance.now();
              m.pageContext();
              return Math.round(performance.now() - start);
            })()
            """
                .formatted(heading));
    assertTrue((int) millis < 5_000, () -> millis + " ms");
  }

  @Test
  void whatAPageRegistersIsMergedUntilItIsTakenBack(Visit visit) {
    visit
        .on(PAGE)
        .run("window.back = m.registerContext(() => ({cart: 3, path: '/mine', no: undefined}))");
    JsonNode with = Visit.contextOf(sent(visit, "m.fetch('/api/thing')"));
    assertEquals(3, with.get("cart").asInt());
    assertEquals("/mine", with.get("path").asString());
    assertEquals("Prices & plans", with.get("title").asString());
    visit.run("window.back()");
    JsonNode without = Visit.contextOf(sent(visit, "m.fetch('/api/thing')"));
    assertEquals(
        List.of("url", "title", "path", "description", "headings"),
        List.copyOf(without.propertyNames()));
  }

  @Test
  void sourcesThatFailAreLeftOutAndSaidSo(Visit visit) {
    visit
        .on(PAGE)
        .run(
            "[() => { throw new Error('oops'); }, async () => ({late: 1}), () => 'text', () =>"
                + " ({ok: 1}), () => ({bad: 1n})].forEach(m.registerContext)");
    JsonNode context = Visit.contextOf(sent(visit, "m.fetch('/api/thing')"));
    sent(visit, "m.fetch('/api/thing')");
    assertEquals(1, context.get("ok").asInt());
    assertFalse(context.has("late"));
    assertEquals(3, visit.warnings().size(), () -> visit.warnings().toString());
    assertTrue(visit.warnings().getFirst().contains("oops"), visit.warnings().getFirst());
  }

  @Test
  void contextThatIsTooLargeIsLeftOutAndTheRestIsSent(Visit visit) {
    visit
        .on("<!doctype html><title>" + "🦊".repeat(5_000) + "</title>")
        .run(
            "m.registerContext(() => ({big: 'x'.repeat(5e6), odd: '\\ud800 and \\\\ud800', small:"
                + " '🦊'}))");
    Request request = sent(visit, "m.fetch('/api/thing')");
    JsonNode context = Visit.contextOf(request);
    assertTrue(request.headerValue("X-Page-Context").length() < 8192);
    assertFalse(context.has("big"));
    assertEquals("🦊", context.get("small").asString());
    assertEquals("\ufffd and \\ud800", context.get("odd").asString());
    assertEquals("🦊".repeat(100), context.get("title").asString());
    assertTrue(visit.warnings().toString().contains("does not fit"), "nothing was said");
  }

  @Test
  void contextThatIsNestedTooDeepIsLeftOutAndTheRestIsTaken(Visit visit) {
    visit
        .signedIn()
        .page()
        .evaluate(
            "async () => { %s const m = await import('/bff/client.js'); window.m = m;"
                    .formatted(NEST)
                + " m.registerContext(() => ({deep: nest(64), fits: nest(63)})); }");
    String ask =
        "async () => { const body = JSON.stringify({type: 'threads.list', params: {}});"
            + " const headers = {'Content-Type': 'application/json'};"
            + " const answer = await m.fetch('/api/chatkit', {method: 'POST', headers, body});"
            + " return `${answer.status} ${answer.headers.get('X-Gatehouse-Context')}`; }";
    Request request =
        visit.sent(
            "**/api/chatkit", () -> assertEquals("200 page,user", visit.page().evaluate(ask)));
    JsonNode context = Visit.contextOf(request);
    assertFalse(context.has("deep"));
    assertTrue(context.has("fits"));
    assertTrue(visit.warnings().toString().contains("nested too deep"), "nothing was said");
  }

  @Test
  void uploadKeepsItsTypeAndCarriesNoContext(Visit visit) {
    visit.on(PAGE);
    Request request =
        sent(
            visit,
            "(() => { const body = new FormData(); body.append('file', new Blob(['a']), 'a.txt');"
                + " return m.fetch('/api/thing', {method: 'POST', body}); })()");
    assertTrue(request.headerValue("Content-Type").startsWith("multipart/form-data; boundary="));
    assertFalse(request.allHeaders().containsKey("x-page-context"));
    assertEquals("1", request.headerValue("X-CSRF"));
  }

  @Test
  void contentTypeIsTheCallersAlone(Visit visit) {
    visit.on(PAGE);
    Request typed =
        sent(
            visit,
            "m.fetch('/api/thing', {method: 'PUT', body: '{}', headers: {'Content-Type': 'a/b'}})");
    assertEquals("a/b", typed.headerValue("Content-Type"));
    assertFalse(sent(visit, "m.fetch('/api/thing')").allHeaders().containsKey("content-type"));
  }

  @Test
  void otherOriginsAreLeftAlone(Visit visit) {
    visit.on(PAGE);
    visit.context().route("https://elsewhere.example/**", route -> route.abort());
    Request request =
        visit.sent(
            "https://elsewhere.example/api",
            () -> visit.run("await m.fetch('https://elsewhere.example/api').catch(e => e)"));
    assertFalse(request.allHeaders().containsKey("x-csrf"));
    assertFalse(request.allHeaders().containsKey("x-page-context"));
  }

  @Test
  void signalIsHandedOn(Visit visit) {
    visit.on(PAGE).context().route("**/api/thing", route -> {});
    assertEquals(
        "mine",
        visit.run(
            "await (async () => { const control = new AbortController(); const sent ="
                + " m.fetch('/api/thing', {signal: control.signal}); control.abort('mine'); const"
                + " late = new Promise(it => setTimeout(it, 20_000, 'never')); return"
                + " Promise.race([sent.catch(reason => reason), late]); })()"));
  }

  @Test
  void unauthorizedIsToldAndAnswered(Visit visit) {
    visit.on(PAGE).stand("**/api/thing", 401, PROBLEM, "{\"code\":\"token-expired\"}");
    assertEquals(
        "token-expired token-expired",
        visit.run(
            "await (async () => { let told;"
                + " m.configure({onUnauthorized: async it => { told = (await it.json()).code; }});"
                + " const answer = await m.fetch('/api/thing'); const {code} = await answer.json();"
                + " m.configure({onUnauthorized: () => { throw new Error('oops'); }});"
                + " await m.fetch('/api/thing'); return `${told} ${code}`; })()"));
    assertTrue(visit.warnings().toString().contains("onUnauthorized failed: Error: oops"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "application/json, {\"code\":\"token-expired\"}",
        "application/problem+json, {\"code\":\"no-quota\"}",
        "application/problem+json, null",
        "application/problem+json, no JSON"
      })
  void unauthorizedOfAnAgentsOwnEndsNoSession(String type, String body, Visit visit) {
    visit.on(PAGE).stand("**/api/thing", 401, type, body);
    assertEquals(
        "none " + body,
        visit.run(
            "await (async () => { let told = 'none';"
                + " m.configure({onUnauthorized: () => { told = 'told'; }});"
                + " const answer = await m.fetch('/api/thing');"
                + " return `${told} ${await answer.text()}`; })()"));
  }
}
