package dev.gatehouse.bench;

import java.nio.ByteBuffer;

/// One connection of the load, with one request at a time.
final class Client implements Receiver, HttpReader.Listener {
  private final HttpReader reader = new HttpReader(this);
  private final Link link;
  private Answer answer = Answer.UNEXPECTED;
  private boolean busy;
  private int status;

  /// @param number which of many it is; each loopback address has its own ports
  Client(Loop loop, int port, int number) {
    this.link = loop.connect("127.0.0." + (2 + number % 50), port, this);
  }

  /// What comes back.
  interface Answer {
    Answer UNEXPECTED =
        (_, _) -> {
          throw new IllegalStateException("an answer to nothing");
        };

    /// Part of the body; its bytes have to be used at once.
    default void body(ByteBuffer part) {}

    /// That was all.
    ///
    /// @param status 0 if the connection broke
    void end(Client client, int status);
  }

  boolean isBusy() {
    return busy;
  }

  void send(byte[] request, Answer expected) {
    answer = expected;
    busy = true;
    status = 0;
    link.send(request);
  }

  void close() {
    answer = (_, _) -> {};
    link.close();
  }

  @Override
  public void received(Link from, ByteBuffer bytes) {
    reader.read(bytes);
  }

  @Override
  public void closed(Link from) {
    finish(0);
  }

  @Override
  public void head(String head) {
    status = Integer.parseInt(head, 9, 12, 10);
  }

  @Override
  public void body(ByteBuffer part) {
    answer.body(part);
  }

  @Override
  public void end() {
    finish(status);
  }

  private void finish(int how) {
    Answer ended = answer;
    if (busy) {
      busy = false;
      answer = Answer.UNEXPECTED;
      ended.end(this, how);
    }
  }
}
