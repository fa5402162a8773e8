package dev.gatehouse.testing;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Finds secrets in text: the canary plain, in base64 and percent-encoded, and any piece of a token
/// that is too long to be there by chance.
public final class Leaks {
  /// Every piece of a secret with twice as many characters holds a whole block.
  private static final int BLOCK = 16;

  private final List<String> words;
  private final Set<String> blocks = new HashSet<>();

  /// @param canary a word in lower case
  public Leaks(String canary) {
    byte[] bytes = canary.getBytes(StandardCharsets.US_ASCII);
    StringBuilder percent = new StringBuilder();
    for (byte letter : bytes) {
      percent.append('%').append(Integer.toHexString(letter));
    }
    this.words = List.of(canary, percent.toString());
    for (int shift = 0; shift < 3; shift++) {
      add(aligned(bytes, shift));
    }
  }

  /// The part of its base64 that no neighbour has a share in, behind so many other bytes.
  private static String aligned(byte[] word, int shift) {
    byte[] shifted = new byte[shift + word.length];
    System.arraycopy(word, 0, shifted, shift, word.length);
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(shifted);
    int from = shift == 0 ? 0 : shift + 1;
    return text.substring(from, shifted.length * 8 / 6);
  }

  /// Looks for this too: every part between dots.
  public Leaks add(String secret) {
    for (String part : secret.split("\\.", -1)) {
      for (int at = 0; at + BLOCK <= part.length(); at += BLOCK) {
        blocks.add(part.substring(at, at + BLOCK));
      }
    }
    return this;
  }

  /// How much it looks for.
  public int size() {
    return blocks.size();
  }

  /// What of all that is in a text.
  public Optional<String> in(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    Optional<String> word = words.stream().filter(lower::contains).findFirst();
    if (word.isPresent()) {
      return word;
    }
    for (int at = 0; at + BLOCK <= text.length(); at++) {
      String window = text.substring(at, at + BLOCK);
      if (blocks.contains(window)) {
        return Optional.of(window);
      }
    }
    return Optional.empty();
  }
}
