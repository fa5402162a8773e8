package dev.gatehouse.agent.chat;

/// Opens a [Toolbox] for every turn.
public interface Toolboxes extends AutoCloseable {

  /// One that has no tools for anybody.
  Toolboxes NONE = (_, _) -> Toolbox.NONE;

  /// Asks no server yet.
  Toolbox open(Person person, BearerToken token);

  /// Lets go of what the toolboxes share.
  @Override
  default void close() {}
}
