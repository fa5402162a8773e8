package dev.gatehouse.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LocationRewriteTest {
  private final HttpUrl asked = HttpUrl.get("http://inner:8000/base/a/b");
  private final LocationRewrite location =
      new LocationRewrite(HttpUrl.get("http://inner:8000/base"), "/raw");

  @ParameterizedTest
  @CsvSource({
    "c, /raw/a/c",
    "?page=2, /raw/a/b?page=2",
    "../up, /raw/up",
    "/base/z?x=1#frag, /raw/z?x=1#frag",
    "http://inner:8000/base, /raw",
    "https://elsewhere.example/x, https://elsewhere.example/x"
  })
  void placesInsideTheUpstreamGetTheirPublicPath(String from, String to) {
    assertEquals(Optional.of(to), location.rewrite(asked, from));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/.//evil.example/",
        "/x/..//evil.example/",
        "/%2e//evil.example",
        "http://inner:8000//evil.example/",
        "/.\\\\evil.example"
      })
  void placeOfARouteAtTheRootIsNoOtherHost(String from) {
    LocationRewrite root = new LocationRewrite(HttpUrl.get("http://inner:8000/"), "");
    assertEquals(Optional.empty(), root.rewrite(HttpUrl.get("http://inner:8000/a"), from));
  }

  @Test
  void innerPlacesOutsideTheRouteAreNotGivenAway() {
    assertEquals(Optional.empty(), location.rewrite(asked, "/admin"));
    assertEquals(Optional.empty(), location.rewrite(asked, "http://inner:8000/basement"));
  }
}
