package dev.gatehouse.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Reads `cookie`.
final class CookieReader {
  private static final CookieKeyConfig ANY_KEY =
      new CookieKeyConfig(Optional.empty(), new SecretSource("A".repeat(43)));

  private CookieReader() {}

  static CookieConfig cookie(Section section) {
    CookieConfig defaults = CookieConfig.DEFAULTS;
    String name = section.value("name", Function.identity()).orElse(defaults.name());
    Optional<EncryptionConfig> encryption =
        section.sectionIfAny("encryption").map(CookieReader::encryption);
    return section.build(defaults, () -> new CookieConfig(name, encryption));
  }

  private static EncryptionConfig encryption(Section section) {
    EncryptionConfig any = new EncryptionConfig(List.of(ANY_KEY), false);
    List<CookieKeyConfig> keys =
        section.requiredSections("keys").stream().map(CookieReader::key).toList();
    boolean acceptPlain = section.value("accept-plain", Amount::truth).orElse(false);
    return section.build(any, () -> keys.isEmpty() ? any : new EncryptionConfig(keys, acceptPlain));
  }

  private static CookieKeyConfig key(Section section) {
    Optional<String> id = section.value("id", Function.identity());
    SecretSource key = section.required("key", ANY_KEY.key(), CookieReader::readable);
    return section.build(ANY_KEY, () -> new CookieKeyConfig(id, key));
  }

  // Read once here, so that a file that is not there is told apart from one that holds no key.
  private static SecretSource readable(String text) {
    SecretSource source = new SecretSource(text);
    source.read();
    return source;
  }
}
