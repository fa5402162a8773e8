package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.RunningGatehouse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;

/// Upstreams that can not be reached at all.
final class AwayTest {

  private static void assertAway(URI upstream, ProblemCode code) throws Exception {
    try (LogCapture log = LogCapture.access();
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream)
                .route("protocol: json", "timeouts: {connect: 500ms, first-byte: 20s}")
                .start()) {
      gate.browser().post(PATH, "{}").assertProblem(code);
      var line = log.next();
      assertEquals("upstream-failed", line.get("outcome"));
      assertEquals(code.text(), line.get("problem"));
      assertTrue(
          Double.parseDouble(String.valueOf(line.get("durationMs"))) < 10_000, line::toString);
    }
  }

  private static URI loopback(String scheme, int port) {
    return URI.create(scheme + "://127.0.0.1:" + port + "/chatkit");
  }

  @Test
  void fault29NameThatDoesNotResolveIsUnreachable() throws Exception {
    assertAway(URI.create("http://agent.invalid/chatkit"), ProblemCode.UPSTREAM_UNREACHABLE);
  }

  @Test
  void fault29RefusedConnectionIsUnreachable() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    assertAway(loopback("http", port), ProblemCode.UPSTREAM_UNREACHABLE);
  }

  @Test
  void fault29CertificateOfAnUnknownIssuerIsUnreachableAndNothingIsSent() throws Exception {
    HeldCertificate own =
        new HeldCertificate.Builder().addSubjectAlternativeName("127.0.0.1").build();
    try (MockWebServer upstream = new MockWebServer()) {
      upstream.useHttps(
          new HandshakeCertificates.Builder().heldCertificate(own).build().sslSocketFactory());
      upstream.enqueue(new MockResponse.Builder().build());
      upstream.start();
      assertAway(loopback("https", upstream.getPort()), ProblemCode.UPSTREAM_UNREACHABLE);
      assertEquals(0, upstream.getRequestCount() - failedHandshakes(upstream));
    }
  }

  /// It counts a handshake that failed as a request of its own.
  private static int failedHandshakes(MockWebServer upstream) throws InterruptedException {
    int failed = 0;
    for (int i = upstream.getRequestCount(); i > 0; i--) {
      failed += upstream.takeRequest().getFailure() == null ? 0 : 1;
    }
    return failed;
  }

  /// Once its queue of connections is full, the system answers no further one.
  @Test
  void fault29HostThatDoesNotAnswerIsTimedOut() throws Exception {
    List<Socket> queued = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      fill(full, queued);
      assertAway(loopback("http", full.getLocalPort()), ProblemCode.UPSTREAM_TIMEOUT);
    } finally {
      for (Socket socket : queued) {
        socket.close();
      }
    }
  }

  private static void fill(ServerSocket server, List<Socket> queued) throws IOException {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
    for (int i = 0; i < 64; i++) {
      Socket socket = new Socket();
      queued.add(socket);
      try {
        socket.connect(address, 300);
      } catch (SocketTimeoutException _) {
        return;
      }
    }
    throw new AssertionError("the queue does not fill up");
  }

  @Test
  void fault29ServerThatNeverFinishesTheTlsHandshakeIsTimedOut() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      assertAway(loopback("https", mute.getLocalPort()), ProblemCode.UPSTREAM_TIMEOUT);
    }
  }
}
