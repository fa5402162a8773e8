package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.config.CrossSiteConfig;
import dev.gatehouse.config.Origin;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import dev.gatehouse.testing.HeadersOnly;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Any headers, after a first line with the method: what passes the guard gives a reason to, and
/// only an origin that is allowed to the letter ever reads an answer.
public final class OriginFuzz {
  private static final String OWN = "https://app.example.com";
  private static final String PARTNER = "https://partner.example.org:8443";
  private static final CrossSiteConfig CONFIG =
      new CrossSiteConfig(
          CrossSiteConfig.Mode.ENFORCE,
          List.of(new Origin("https", "partner.example.org", 8443)),
          false);
  private static final CrossSiteGuard GUARD =
      new CrossSiteGuard(CONFIG, List.of(new Origin("https", "app.example.com", 443)), _ -> false);
  private static final Cors CORS = new Cors(CONFIG);
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

  private OriginFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    List<String> lines = HeadersOnly.lines(input);
    HeadersOnly head = HeadersOnly.of(lines.getFirst(), lines.subList(1, lines.size()));
    assertEquals(mayPass(head), passes(head));
    answersAreReadByPartnersOnly(head);
  }

  private static boolean passes(HeadersOnly head) {
    try {
      GUARD.check(head.request());
      return true;
    } catch (ProblemException e) {
      assertEquals(ProblemCode.CROSS_SITE_REQUEST, e.problem().code());
      return false;
    }
  }

  private static boolean mayPass(HeadersOnly head) {
    List<String> site = head.values("Sec-Fetch-Site");
    List<String> origin = head.values("Origin");
    boolean one = site.size() <= 1 && origin.size() <= 1;
    boolean partner = origin.equals(List.of(PARTNER));
    boolean marked = head.values("X-CSRF").equals(List.of("1"));
    boolean get = head.method().equals("GET");
    boolean navigation =
        get
            && head.values("Sec-Fetch-Mode").equals(List.of("navigate"))
            && head.values("Sec-Fetch-Dest").equals(List.of("document"));
    boolean fetchedFromHere =
        site.equals(List.of("same-origin"))
            || (site.equals(List.of("none")) && get)
            || (partner && Set.of(List.of("same-site"), List.of("cross-site")).contains(site));
    boolean sentFromHere =
        site.isEmpty() && (origin.isEmpty() ? marked : partner || origin.equals(List.of(OWN)));
    boolean harmless = marked || SAFE.contains(head.method()) || !mayUpload(head);
    return one && (navigation || fetchedFromHere || sentFromHere) && harmless;
  }

  /// Whether a form could have sent it.
  private static boolean mayUpload(HeadersOnly head) {
    List<String> types = head.values("Content-Type");
    long length = head.request().getContentLengthLong();
    boolean body =
        length > 0
            || !head.values("Transfer-Encoding").isEmpty()
            || (length < 0 && !types.isEmpty());
    return body && !(types.size() == 1 && isJson(types.getFirst()));
  }

  private static boolean isJson(String type) {
    String essence = (type + ";").substring(0, (type + ";").indexOf(';')).strip();
    String name = essence.toLowerCase(Locale.ROOT);
    return name.chars().allMatch(OriginFuzz::isOfMediaTypes)
        && name.indexOf('/') == name.lastIndexOf('/')
        && (name.equals("application/json")
            || (name.startsWith("application/") && name.endsWith("+json")));
  }

  private static boolean isOfMediaTypes(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "!#$%&'*+-.^_`|~/".indexOf(c) >= 0;
  }

  private static void answersAreReadByPartnersOnly(HeadersOnly head) {
    boolean partner = head.values("Origin").equals(List.of(PARTNER));
    Map<String, String> exposed = new HashMap<>();
    CORS.expose(head.request(), answer(exposed));
    assertEquals(partner, exposed.containsKey("Access-Control-Allow-Origin"));
    Map<String, String> preflight = new HashMap<>();
    boolean answered = CORS.preflight(head.request(), answer(preflight), List.of("POST"));
    assertFalse(answered && !partner);
    assertEquals(answered, preflight.containsKey("Access-Control-Allow-Origin"));
    for (Map<String, String> headers : List.of(exposed, preflight)) {
      assertTrue(PARTNER.equals(headers.getOrDefault("Access-Control-Allow-Origin", PARTNER)));
      String names = headers.getOrDefault("Access-Control-Allow-Headers", "");
      assertTrue(names.matches("[\\w!#$%&'*+.^`|~, \\t-]{0,1024}"), names);
    }
  }

  private static HttpServletResponse answer(Map<String, String> headers) {
    return (HttpServletResponse)
        Proxy.newProxyInstance(
            HttpServletResponse.class.getClassLoader(),
            new Class<?>[] {HttpServletResponse.class},
            (_, told, arguments) -> {
              switch (told.getName()) {
                case "setHeader", "addHeader" ->
                    headers.put((String) arguments[0], (String) arguments[1]);
                case "setStatus" -> {}
                default -> throw new UnsupportedOperationException(told.getName());
              }
              return null;
            });
  }
}
