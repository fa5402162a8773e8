package dev.gatehouse.agent.files;

import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/// A body on its way to a parser. Remembers when it was the client that failed, and not the disk;
/// and whatever the parser thinks of it, the rest can still be read.
final class Arrival implements Content.Source {
  private final Content.Source body;
  private volatile @Nullable Throwable failure;

  Arrival(Content.Source body) {
    this.body = body;
  }

  /// Why the body did not come to its end.
  @Nullable Throwable failure() {
    return failure;
  }

  @Override
  public long getLength() {
    return body.getLength();
  }

  @Override
  public Content.@Nullable Chunk read() {
    Content.Chunk chunk = body.read();
    if (Content.Chunk.isFailure(chunk)) {
      failure = chunk.getFailure();
    }
    return chunk;
  }

  @Override
  public void demand(Runnable callback) {
    body.demand(callback);
  }

  @Override
  public void fail(Throwable cause) {
    // not the body's fault
  }
}
