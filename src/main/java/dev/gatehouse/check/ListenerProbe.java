package dev.gatehouse.check;

import dev.gatehouse.config.ListenAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/// Whether a listener could bind now.
///
/// @param key where the address is configured
record ListenerProbe(String key, ListenAddress listen) {

  Finding run() {
    String place = "%s: %s".formatted(key, listen.text());
    try (ServerSocket socket = new ServerSocket()) {
      InetAddress address = InetAddress.getAllByName(listen.host())[0];
      socket.bind(new InetSocketAddress(address, listen.port()));
      return Finding.passed(place + " is free");
    } catch (UnknownHostException _) {
      return Finding.failed(place + ": the host name does not resolve", "correct " + key);
    } catch (IOException e) {
      return Finding.failed(
          "%s cannot be bound (%s)".formatted(place, e.getMessage()),
          "stop what listens there, perhaps a running gatehouse, or correct " + key);
    }
  }
}
