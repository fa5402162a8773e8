package dev.gatehouse.config;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/// A value that cannot work. Its text says what would be right and never quotes the value, which
/// may come from the environment or be a secret.
final class InvalidSettingException extends IllegalArgumentException {
  @Serial private static final long serialVersionUID = 1;

  private final transient List<Fault> faults;

  InvalidSettingException(List<Fault> faults) {
    super(text(faults));
    this.faults = List.copyOf(faults);
  }

  /// A refusal of the value itself, whatever key it stands under.
  InvalidSettingException(String cure) {
    this(List.of(new Fault("", cure)));
  }

  List<Fault> faults() {
    return faults;
  }

  /// What would be right, in one line.
  String cure() {
    return text(faults);
  }

  private static String text(List<Fault> faults) {
    return faults.stream().map(Fault::toString).collect(Collectors.joining("; "));
  }

  /// One thing wrong.
  ///
  /// @param key as the file spells it, relative to the record; empty for the whole
  record Fault(String key, String cure) {

    @Override
    public String toString() {
      return key.isEmpty() ? cure : key + ": " + cure;
    }
  }
}
