package dev.gatehouse.agent.model;

/// Why an answer has no proper end, for people.
final class Shortfall {
  private Shortfall() {}

  /// @param reason an endpoint's word, which people never see
  static String of(String reason) {
    return switch (reason) {
      case "length", "max_output_tokens" -> "The model reached its limit before it was done.";
      case "content_filter" -> "A filter of the model's provider ended the answer.";
      default -> "The model ended the answer before it was done.";
    };
  }
}
