package dev.gatehouse.protocol;

/// Anything at all, such as uploads and downloads; bodies are streamed unread.
final class Raw implements Protocol {

  @Override
  public boolean readsBody() {
    return false;
  }
}
