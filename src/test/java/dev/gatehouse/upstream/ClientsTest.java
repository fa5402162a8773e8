package dev.gatehouse.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

final class ClientsTest {
  private static final int CROWD = 150;
  private static final int MOST = 64;
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

  private final Set<Wire> connections = ConcurrentHashMap.newKeySet();

  @Test
  void noConnectionIsLookedForAmongAllOfACrowd() throws Exception {
    Clients clients = Clients.apart(new OkHttpClient());
    try (ScriptedUpstream upstream = answering()) {
      List<Response> open = new ArrayList<>();
      Set<OkHttpClient> used = new HashSet<>();
      for (int i = 0; i < CROWD; i++) {
        OkHttpClient client = clients.next();
        used.add(client);
        open.add(call(client, upstream.uri()).execute());
      }
      assertEquals(CROWD, connections.size());
      assertEquals(3, used.size());
      for (OkHttpClient client : used) {
        assertTrue(client.connectionPool().connectionCount() <= MOST);
      }
      for (Response response : open) {
        response.body().string();
      }
    }
  }

  @Test
  void afterACrowdConnectionsAreUsedAgain() throws Exception {
    Clients clients = Clients.apart(new OkHttpClient());
    OkHttpClient first = clients.next();
    try (ScriptedUpstream upstream = answering()) {
      List<Response> open = new ArrayList<>();
      for (int i = 0; i < CROWD; i++) {
        open.add(call(clients.next(), upstream.uri()).execute());
      }
      for (Response response : open) {
        response.body().string();
      }
      for (int i = 0; i < CROWD; i++) {
        assertSame(first, clients.next());
        call(first, upstream.uri()).execute().body().string();
      }
      assertEquals(CROWD, connections.size());
    }
  }

  @Test
  void callThatFailsOrIsLetGoMakesRoom() throws Exception {
    Clients clients = Clients.apart(new OkHttpClient());
    OkHttpClient first = clients.next();
    URI nobody;
    try (ScriptedUpstream upstream = answering()) {
      nobody = upstream.uri();
      for (int i = 0; i < CROWD; i++) {
        Call call = call(clients.next(), upstream.uri());
        try (Response response = call.execute()) {
          call.cancel();
          assertEquals(200, response.code());
        }
      }
    }
    for (int i = 0; i < CROWD; i++) {
      Call call = call(clients.next(), nobody);
      assertThrows(ConnectException.class, () -> execute(call));
    }
    assertSame(first, clients.next());
  }

  @Test
  void callsThatShareConnectionsHaveOneClient() throws Exception {
    Clients clients = Clients.shared(new OkHttpClient());
    OkHttpClient first = clients.next();
    try (ScriptedUpstream upstream = answering()) {
      List<Response> open = new ArrayList<>();
      for (int i = 0; i < CROWD; i++) {
        assertSame(first, clients.next());
        open.add(call(first, upstream.uri()).execute());
      }
      open.forEach(Response::close);
    }
  }

  private ScriptedUpstream answering() {
    return ScriptedUpstream.running((_, wire) -> {
      connections.add(wire);
      wire.send(OK);
    });
  }

  private static Call call(OkHttpClient client, URI uri) {
    return client.newCall(new Request.Builder().url(uri.toString()).build());
  }

  private static void execute(Call call) throws IOException {
    call.execute().close();
  }
}
