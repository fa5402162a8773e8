package dev.gatehouse.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/// One connection of a [Loop].
final class Link {
  private final SocketChannel channel;
  private final SelectionKey key;
  private final Receiver receiver;
  private final Deque<ByteBuffer> unsent = new ArrayDeque<>();
  private Runnable drained = () -> {};
  private boolean open = true;

  Link(SocketChannel channel, SelectionKey key, Receiver receiver) {
    this.channel = channel;
    this.key = key;
    this.receiver = receiver;
  }

  /// Sends bytes, now or as soon as the other side takes them.
  void send(byte[]... parts) {
    for (byte[] part : parts) {
      unsent.add(ByteBuffer.wrap(part));
    }
    flush();
  }

  /// Whether all that was sent is with the system.
  boolean isDrained() {
    return unsent.isEmpty();
  }

  /// What to do whenever all is with the system that was not at first.
  void onDrained(Runnable action) {
    drained = action;
  }

  boolean isOpen() {
    return open;
  }

  void close() {
    if (open) {
      open = false;
      unsent.clear();
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void flush() {
    try {
      while (open && !unsent.isEmpty()) {
        channel.write(unsent.toArray(ByteBuffer[]::new));
        while (!unsent.isEmpty() && !unsent.element().hasRemaining()) {
          unsent.remove();
        }
        if (!unsent.isEmpty()) {
          key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
          return;
        }
      }
    } catch (IOException _) {
      broken();
    }
  }

  void ready(ByteBuffer buffer) {
    if (key.isValid() && key.isWritable()) {
      key.interestOps(SelectionKey.OP_READ);
      flush();
      if (open && unsent.isEmpty()) {
        drained.run();
      }
    }
    if (open && key.isReadable()) {
      read(buffer);
    }
  }

  private void read(ByteBuffer buffer) {
    buffer.clear();
    try {
      if (channel.read(buffer) < 0) {
        broken();
        return;
      }
    } catch (IOException _) {
      broken();
      return;
    }
    buffer.flip();
    if (buffer.hasRemaining()) {
      receiver.received(this, buffer);
    }
  }

  private void broken() {
    close();
    receiver.closed(this);
  }
}
