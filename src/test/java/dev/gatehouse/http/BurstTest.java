package dev.gatehouse.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.config.ListenAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.junit.jupiter.api.Test;

/// Many who connect at once wait until they are accepted; the system does not drop them.
final class BurstTest {
  private static final int CONNECTIONS = 110;
  private static final int PATIENCE_MILLIS = 5_000;

  @Test
  void connectionsThatNobodyHasAcceptedYetWait() throws Exception {
    Listener listener = Listener.bind("burst", ListenAddress.parse("127.0.0.1:0"), 8192);
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()),
            PATIENCE_MILLIS);
        assertTrue(socket.isConnected());
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
      listener.serve(new ServletContextHandler());
      listener.close();
    }
  }
}
