package dev.gatehouse.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/// Finds the word that was probably meant.
final class Spelling {
  private Spelling() {}

  /// The nearest of the choices, if one is near enough to be a slip of the keyboard.
  static Optional<String> nearest(String word, Collection<String> choices) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return choices.stream()
        .filter(choice -> distance.apply(word, choice) <= Math.max(1, choice.length() / 3))
        .min(Comparator.comparingInt(choice -> distance.apply(word, choice)));
  }

  /// What to tell somebody who wrote a word that is none of the choices.
  static String advice(String word, Collection<String> choices) {
    return nearest(word, choices)
        .map(choice -> "did you mean '" + choice + "'?")
        .orElseGet(() -> "use one of: " + String.join(", ", choices));
  }
}
