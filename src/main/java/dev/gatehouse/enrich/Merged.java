package dev.gatehouse.enrich;

/// What a request body got on its way; the text is what `X-Gatehouse-Context` calls it.
public enum Merged {
  PAGE("page"),
  USER("user");

  private final String text;

  Merged(String text) {
    this.text = text;
  }

  /// The name as the response header has it.
  public String text() {
    return text;
  }
}
