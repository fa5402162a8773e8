package dev.gatehouse.agent.chat;

import java.io.IOException;
import java.io.Serial;

/// An event could not be written because nobody is there any more. Apart from every other
/// [IOException], such as that of a model's own connection.
public final class ClientLeft extends IOException {
  @Serial private static final long serialVersionUID = 1;

  public ClientLeft(IOException cause) {
    super("the client left", cause);
  }
}
