package dev.gatehouse.upstream;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import org.junit.jupiter.api.Test;

final class ChannelSocketsTest {
  @Test
  void restOfABodyDoesNotWaitForAnAcknowledgement() throws Exception {
    try (Socket socket = new ChannelSockets().createSocket()) {
      assertTrue(socket.getTcpNoDelay());
    }
  }
}
