package dev.gatehouse.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Route;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What the module gives to chat clients, and what it loads for them.
@ExtendWith(InChromium.class)
final class ClientOptionsIT {
  private static final String BARE = "<!doctype html><title>Bare</title>";
  private static final String SCRIPT = "https://cdn.platform.openai.com/**";
  private static final String DEFINITION =
      "customElements.define('openai-chatkit', class extends HTMLElement {})";

  private static Route.FulfillOptions javascript(String body) {
    return new Route.FulfillOptions().setContentType("text/javascript").setBody(body);
  }

  @Test
  void elementIsReadyOnceItIsDefined(Visit visit) {
    assertEquals(
        "ready",
        visit
            .on(BARE)
            .run(
                "await (async () => { const state = m.ready('late-element', {timeout: Infinity});"
                    + " customElements.define('late-element', class extends HTMLElement {});"
                    + " return state; })()"));
  }

  @Test
  void elementThatIsNeverDefinedIsAnError(Visit visit) {
    visit.on(BARE);
    assertEquals("error", visit.run("await m.ready('no-element', {timeout: 1})"));
    assertEquals("error", visit.run("await m.ready('noelement')"));
  }

  @Test
  void scriptIsLoadedOnceHoweverOftenItIsAskedFor(Visit visit) {
    AtomicInteger loads = new AtomicInteger();
    visit
        .context()
        .route(
            SCRIPT,
            route -> {
              loads.incrementAndGet();
              route.fulfill(javascript(DEFINITION));
            });
    visit.on(BARE);
    assertEquals(
        List.of("ready", "ready"),
        visit.run("await Promise.all([m.loadChatKit(), m.loadChatKit()])"));
    assertEquals("ready", visit.run("await m.loadChatKit()"));
    assertEquals(1, loads.get());
    assertEquals(1, visit.run("document.scripts.length"));
  }

  @Test
  void scriptThatIsBlockedIsAnErrorUntilItComes(Visit visit) {
    AtomicInteger loads = new AtomicInteger();
    visit
        .context()
        .route(
            SCRIPT,
            route -> {
              if (loads.getAndIncrement() == 0) {
                route.abort();
              } else {
                route.fulfill(javascript(DEFINITION));
              }
            });
    visit.on(BARE);
    assertEquals("error", visit.run("await m.loadChatKit({timeout: Infinity})"));
    assertEquals(0, visit.run("document.scripts.length"));
    assertEquals("ready", visit.run("await m.loadChatKit()"));
  }

  @Test
  void scriptThatDefinesNothingIsAnErrorInTheEnd(Visit visit) {
    visit.context().route(SCRIPT, route -> route.fulfill(javascript("")));
    assertEquals("error", visit.on(BARE).run("await m.loadChatKit({timeout: 100})"));
  }

  @Test
  void scriptOfThePagesOwnIsWaitedFor(Visit visit) {
    AtomicInteger loads = new AtomicInteger();
    visit
        .context()
        .route(
            SCRIPT,
            route -> {
              loads.incrementAndGet();
              route.fulfill(javascript(DEFINITION));
            });
    String address = "https://cdn.platform.openai.com/deployments/chatkit/chatkit.js";
    visit.on(BARE + "<script src='%s' async></script>".formatted(address));
    assertEquals("ready", visit.run("await m.loadChatKit()"));
    assertEquals(1, loads.get());
  }

  @Test
  void scriptOfThePagesOwnThatIsBlockedIsNotWaitedForAgain(Visit visit) {
    AtomicInteger loads = new AtomicInteger();
    visit
        .context()
        .route(
            SCRIPT,
            route -> {
              if (loads.getAndIncrement() == 0) {
                route.abort();
              } else {
                route.fulfill(javascript(DEFINITION));
              }
            });
    String address = "https://cdn.platform.openai.com/deployments/chatkit/chatkit.js";
    visit.on(BARE + "<script src='%s'></script>".formatted(address));
    assertEquals("error", visit.run("await m.loadChatKit({timeout: 100})"));
    assertEquals("ready", visit.run("await m.loadChatKit({timeout: 5000})"));
    assertEquals(2, loads.get());
  }

  @Test
  void gateIsAskedWhereThePageComesFromWhateverItsBase(Visit visit) {
    visit.on("<!doctype html><title>Based</title><base href='https://elsewhere.example/app/'>");
    visit.stand("https://elsewhere.example/**", 200, "application/json", "{\"not\":\"ours\"}");
    visit.stand(visit.site() + "/bff/user", 200, "application/json", "{\"authenticated\":false}");
    visit.stand(visit.site() + "/bff/config", 200, "application/json", "{\"routes\":[]}");
    String module = "const m = await import('%s/bff/client.js');".formatted(visit.site());
    assertEquals(
        List.of(Map.of("authenticated", false), Map.of("routes", List.of())),
        visit
            .page()
            .evaluate(
                "async () => { %s return [await m.user(), await m.config()]; }".formatted(module)));
  }

  @Test
  void configurationIsWhatTheGateTells(Visit visit) {
    visit.on(BARE);
    visit.stand(
        "**/bff/config",
        200,
        "application/json",
        "{\"routes\":[],\"chatkit\":{\"domainKey\":\"k\"}}");
    assertEquals(
        Map.of("routes", List.of(), "chatkit", Map.of("domainKey", "k")),
        visit.run("await m.config()"));
    visit.stand("**/bff/config", 404, "application/json", "{}");
    assertEquals(Map.of("routes", List.of()), visit.run("await m.config()"));
    visit.stand("**/bff/config", 503, "application/json", "{}");
    assertEquals("/bff/config answered 503", visit.run("await m.config().catch(e => e.message)"));
  }

  @Test
  void eachClientGetsItsOptions(Visit visit) {
    visit.on(BARE);
    assertEquals(
        "{\"api\":{\"uploadStrategy\":{\"type\":\"two_phase\"},\"url\":\"/api/chatkit\",\"domainKey\":\"k\"}}",
        visit.run(
            "JSON.stringify(m.chatkit({domainKey: 'k', uploadStrategy: {type: 'two_phase'}}))"));
    assertEquals(
        "{\"api\":\"/api/chat\",\"credentials\":\"same-origin\"}",
        visit.run("JSON.stringify(m.aiSdk())"));
    assertEquals("{\"url\":\"/x\"}", visit.run("JSON.stringify(m.agUi('/x'))"));
    assertEquals(
        true,
        visit.run(
            "[m.chatkit({domainKey: 'k'}).api, m.aiSdk(), m.agUi(), m.mcp()]"
                + ".every(it => it.fetch === m.fetch)"));
    String refusal =
        (String) visit.run("(() => { try { m.chatkit() } catch (e) { return e.message } })()");
    assertTrue(refusal.contains("domainKey"), refusal);
  }

  /// The event stream interpretation of the HTML standard, on bytes cut everywhere.
  @Test
  void eventsAreReadToTheLetter(Visit visit) {
    assertEquals(
        "[[\"message\",\"one\",\"\"],[\"a\",\"x\\ny\",\"7\"],[\"message\",\"\",\"7\"],"
            + "[\"message\",\" 🦊\",\"\"],[\"message\",\"last\",\"\"]]",
        visit
            .on(BARE)
            .run(
                """
                JSON.stringify(await Array.fromAsync((async function* () {
                  const text = "\\ufeffdata:one\\n\\n:c\\nevent:a\\nid:7\\ndata: x\\r\\ndata:y\\n\\r\\nevent:b\\n\\ndata\\n\\n"
                    + "id:a\\0b\\nid\\ndata:  🦊\\n\\nretry:x\\ndatum: no\\ndata: last\\r\\rdata: lost\\n";
                  const body = new ReadableStream({ start(control) {
                    for (const byte of new TextEncoder().encode(text)) control.enqueue(Uint8Array.of(byte));
                    control.close();
                  } });
                  for await (const { event, data, id } of m.events(new Response(body))) yield [event, data, id];
                })()))
                """));
  }
}
