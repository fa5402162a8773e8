package dev.gatehouse.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import javax.net.SocketFactory;

/// Sockets in which an upstream finds no more room than a stream may take, and which send what they
/// are given at once.
final class ChannelSockets extends SocketFactory {
  /// Bytes the system may hold that have yet to be read. Left to itself it would grow that to
  /// megabytes.
  private static final int RECEIVE_BUFFER = 64 * 1024;

  ChannelSockets() {
    EventLoop.start();
  }

  @Override
  public Socket createSocket() throws IOException {
    return open();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  private static Socket connected(InetSocketAddress address) throws IOException {
    Socket socket = open();
    socket.connect(address);
    return socket;
  }

  /// Not connected yet, since the size has to be known when the connection is made. Where the
  /// system waits with the rest of a body for the acknowledgement of what came before (RFC 896),
  /// and the server with its acknowledgement for more (RFC 1122 section 4.2.3.2), a body can take
  /// 40 ms longer.
  private static Socket open() throws IOException {
    return new UpstreamSocket(
        SocketChannel.open()
            .setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER)
            .setOption(StandardSocketOptions.TCP_NODELAY, true));
  }
}
