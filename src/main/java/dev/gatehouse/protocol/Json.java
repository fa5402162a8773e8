package dev.gatehouse.protocol;

/// Any JSON requests; context goes only where the route's configuration says.
final class Json implements Protocol {

  @Override
  public boolean readsBody() {
    return true;
  }
}
