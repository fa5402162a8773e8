package dev.gatehouse.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOptions;
import java.nio.channels.SocketChannel;

/// A socket over a channel, which can be asked without waiting whether there is something to read,
/// and which reads ahead while bytes come fast.
final class UpstreamSocket extends Socket {
  private final OverChannel channel;

  /// @param channel not connected yet
  UpstreamSocket(SocketChannel channel) throws SocketException {
    this(new OverChannel(channel));
  }

  private UpstreamSocket(OverChannel channel) throws SocketException {
    super(channel);
    this.channel = channel;
  }

  /// What has been received.
  ReadAhead received() {
    return channel.received;
  }

  /// Whether there is nothing to read: neither bytes nor the end. Nobody may read meanwhile.
  boolean isSilent() {
    try {
      return received().isEmpty() && received().wire().read(new byte[1], 0, 1) == 0;
    } catch (IOException _) {
      return false;
    }
  }

  /// Whether the end has been received, also where somebody is about to read it.
  boolean hasEnded() {
    return received().wire().hasEnded();
  }

  @Override
  public InputStream getInputStream() {
    return received();
  }

  @Override
  public OutputStream getOutputStream() {
    return channel.getOutputStream();
  }

  /// Also where nobody has asked anything of it yet, which is when the superclass does nothing.
  @Override
  public void close() throws IOException {
    super.close();
    channel.close();
  }

  /// The part that the superclass asks. What the streams do with it, they ask for themselves.
  private static final class OverChannel extends SocketImpl {
    private final SocketChannel channel;
    private final Socket socket;
    private final ReadAhead received;

    OverChannel(SocketChannel channel) {
      this.channel = channel;
      this.received = new ReadAhead(channel);
      this.socket = channel.socket();
    }

    @Override
    protected void create(boolean stream) {
      // the channel was there before
    }

    @Override
    protected void connect(String host, int remotePort) throws IOException {
      connect(new InetSocketAddress(host, remotePort), 0);
    }

    @Override
    protected void connect(InetAddress remote, int remotePort) throws IOException {
      connect(new InetSocketAddress(remote, remotePort), 0);
    }

    @Override
    protected void connect(SocketAddress remote, int timeout) throws IOException {
      socket.connect(remote, timeout);
      channel.configureBlocking(false);
      address = socket.getInetAddress();
      port = socket.getPort();
      localport = socket.getLocalPort();
    }

    @Override
    protected void bind(InetAddress local, int localPort) throws IOException {
      socket.bind(new InetSocketAddress(local, localPort));
    }

    @Override
    protected void listen(int backlog) throws IOException {
      throw new SocketException("not a server's");
    }

    @Override
    protected void accept(SocketImpl accepted) throws IOException {
      throw new SocketException("not a server's");
    }

    @Override
    protected InputStream getInputStream() {
      return received;
    }

    @Override
    protected OutputStream getOutputStream() {
      return new Sent(received.wire());
    }

    @Override
    protected int available() throws IOException {
      return received.available();
    }

    @Override
    protected void close() throws IOException {
      received.close();
    }

    @Override
    protected void shutdownInput() throws IOException {
      socket.shutdownInput();
    }

    @Override
    protected void shutdownOutput() throws IOException {
      socket.shutdownOutput();
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
      socket.sendUrgentData(data);
    }

    @Override
    public void setOption(int id, Object value) throws SocketException {
      switch (id) {
        case SocketOptions.SO_TIMEOUT -> socket.setSoTimeout((Integer) value);
        case SocketOptions.TCP_NODELAY -> socket.setTcpNoDelay((Boolean) value);
        default -> throw new SocketException("no such option here");
      }
    }

    @Override
    public Object getOption(int id) throws SocketException {
      return switch (id) {
        case SocketOptions.SO_TIMEOUT -> socket.getSoTimeout();
        case SocketOptions.TCP_NODELAY -> socket.getTcpNoDelay();
        case SocketOptions.SO_BINDADDR -> socket.getLocalAddress();
        default -> throw new SocketException("no such option here");
      };
    }
  }

  private static final class Sent extends OutputStream {
    private final WatchedChannel wire;

    Sent(WatchedChannel wire) {
      this.wire = wire;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      wire.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      wire.close();
    }
  }
}
