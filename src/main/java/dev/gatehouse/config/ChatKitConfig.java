package dev.gatehouse.config;

import java.util.Optional;
import java.util.regex.Pattern;

/// What pages need to show OpenAI's ChatKit.
///
/// @param domainKey the key under which the page's domain is registered with OpenAI; any visitor
///   can see it
public record ChatKitConfig(Optional<String> domainKey) {
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._~-]{1,200}");

  /// What holds where the file is silent.
  public static final ChatKitConfig DEFAULTS = new ChatKitConfig(Optional.empty());

  public ChatKitConfig {
    new Requirements()
        .that(
            domainKey.stream().allMatch(key -> KEY.matcher(key).matches()),
            "domain-key",
            "must be the domain key as OpenAI shows it: letters, digits, - and _, at most 200")
        .hold();
  }
}
