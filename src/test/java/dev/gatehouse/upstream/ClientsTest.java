package dev.gatehouse.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.config.ConfigFile;
import dev.gatehouse.config.HttpVersion;
import dev.gatehouse.config.RouteConfig;
import dev.gatehouse.http.ProblemException;
import dev.gatehouse.protocol.Protocols;
import dev.gatehouse.stream.Clocks;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

final class ClientsTest {
  private static final int CROWD = 150;
  private static final int MOST = 16;
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

  private final Set<Wire> connections = ConcurrentHashMap.newKeySet();
  private final Clients clients =
      Clients.apart(new OkHttpClient.Builder().addNetworkInterceptor(Arrival::note).build());

  @Test
  void noConnectionIsLookedForAmongAllOfACrowd() {
    Map<OkHttpClient, Integer> used = new HashMap<>();
    for (int i = 0; i < CROWD; i++) {
      used.merge(clients.enter().client(), 1, Integer::sum);
    }
    assertEquals(MOST, Collections.max(used.values()));
    assertEquals(Math.ceilDiv(CROWD, MOST), used.size());
  }

  @Test
  void roomIsFoundAtTheFirstThatHasIt() {
    List<Clients.Place> places = new ArrayList<>();
    for (int i = 0; i < CROWD; i++) {
      places.add(clients.enter());
    }
    for (int i : List.of(2 * MOST, MOST, 0)) {
      places.get(i).close();
      assertSame(places.get(i).client(), firstVacant());
    }
    assertSame(places.get(0).client(), clients.enter().client());
    assertSame(places.get(MOST).client(), clients.enter().client());
  }

  @Test
  void afterACrowdConnectionsAreUsedAgain() throws Exception {
    try (ScriptedUpstream upstream = answering();
        Clocks clocks = new Clocks()) {
      List<UpstreamResponse> open = new ArrayList<>();
      for (int i = 0; i < CROWD; i++) {
        open.add(call(upstream.uri(), clocks).execute());
      }
      for (UpstreamResponse response : open) {
        readAndClose(response);
      }
      for (int i = 0; i < CROWD; i++) {
        readAndClose(call(upstream.uri(), clocks).execute());
      }
      assertEquals(CROWD, connections.size());
      assertTrue(firstVacant().connectionPool().connectionCount() <= MOST);
    }
  }

  /// Also where it is closed twice, which makes room for one.
  @Test
  void callMakesRoomForOneHoweverItEnds() throws Exception {
    OkHttpClient first = firstVacant();
    try (Clocks clocks = new Clocks()) {
      try (ScriptedUpstream upstream = answering()) {
        for (int i = 0; i < CROWD; i++) {
          UpstreamCall letGo = call(upstream.uri(), clocks);
          try (UpstreamResponse response = letGo.execute()) {
            letGo.cancel();
            assertEquals(200, response.status());
          }
          UpstreamCall unmade = call(upstream.uri(), clocks);
          unmade.cancel();
          assertThrows(ProblemException.class, unmade::execute);
        }
      }
      try (Socket refusing = new Socket()) { // holds a port, on which nobody listens
        refusing.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        URI nobody = URI.create("http://127.0.0.1:" + refusing.getLocalPort());
        for (int i = 0; i < CROWD; i++) {
          assertThrows(ProblemException.class, call(nobody, clocks)::execute);
        }
      }
    }
    assertSame(first, firstVacant());
    Clients.Place twice = clients.enter();
    for (int i = 1; i < MOST; i++) {
      assertSame(first, clients.enter().client());
    }
    twice.close();
    twice.close();
    assertSame(first, clients.enter().client());
    assertNotSame(first, clients.enter().client());
  }

  @Test
  void callsThatShareConnectionsHaveOneClient() {
    Clients shared = Clients.shared(new OkHttpClient());
    OkHttpClient first = shared.enter().client();
    for (int i = 0; i < CROWD; i++) {
      assertSame(first, shared.enter().client());
    }
  }

  private OkHttpClient firstVacant() {
    try (Clients.Place place = clients.enter()) {
      return place.client();
    }
  }

  private ScriptedUpstream answering() {
    return ScriptedUpstream.running((_, wire) -> {
      connections.add(wire);
      wire.send(OK);
    });
  }

  private UpstreamCall call(URI upstream, Clocks clocks) throws Exception {
    String yaml =
        """
        server: {listen: '127.0.0.1:0'}
        auth: {issuer: 'http://127.0.0.1:1', audience: [agent-api]}
        routes: [{path: /api, upstream: '%s'}]
        """
            .formatted(upstream);
    RouteConfig route = ConfigFile.parse("test.yaml", yaml, Map.of()).routes().getFirst();
    HttpUrl url = HttpUrl.get(upstream.toString());
    return new UpstreamCall(
        clients,
        new UpstreamRequest("GET", url, Headers.of()),
        Optional.empty(),
        new ConnectClock(clocks, Duration.ZERO),
        new StreamAdmission(HttpVersion.HTTP_1_1, Duration.ZERO),
        new ResponseHeaders(
            route, Protocols.of(route.protocol()), new LocationRewrite(url, "/api")));
  }

  private static void readAndClose(UpstreamResponse response) throws Exception {
    try (response) {
      while (response.read().isPresent()) {
        // to the end
      }
    }
  }
}
