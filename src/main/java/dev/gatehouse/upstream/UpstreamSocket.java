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
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// A socket over a channel, which can be asked without waiting whether there is something to read,
/// and which reads ahead while bytes come fast.
final class UpstreamSocket extends Socket {
  private final OverChannel channel;
  private final ReadAhead received;

  /// @param channel not connected yet
  UpstreamSocket(SocketChannel channel) throws SocketException {
    this(new OverChannel(channel));
  }

  private UpstreamSocket(OverChannel channel) throws SocketException {
    super(channel);
    this.channel = channel;
    this.received = new ReadAhead(channel.socket);
  }

  /// What has been received.
  ReadAhead received() {
    return received;
  }

  /// Whether there is nothing to read: neither bytes nor the end. Nobody may read meanwhile.
  boolean isSilent() throws IOException {
    return received.isEmpty() && channel.isSilent();
  }

  @Override
  public InputStream getInputStream() {
    return received;
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

    OverChannel(SocketChannel channel) {
      this.channel = channel;
      this.socket = channel.socket();
    }

    boolean isSilent() throws IOException {
      channel.configureBlocking(false);
      try {
        return channel.read(ByteBuffer.allocate(1)) == 0;
      } catch (IOException _) {
        return false;
      } finally {
        channel.configureBlocking(true);
      }
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
    protected InputStream getInputStream() throws IOException {
      return socket.getInputStream();
    }

    @Override
    protected OutputStream getOutputStream() throws IOException {
      return socket.getOutputStream();
    }

    @Override
    protected int available() throws IOException {
      return socket.getInputStream().available();
    }

    @Override
    protected void close() throws IOException {
      channel.close();
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
}
