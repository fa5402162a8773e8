package dev.gatehouse.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Replaces `${NAME}` and `${NAME:-default}` in a scalar; `$${` stands for `${` itself. What is put
/// in is not looked at again.
record Environment(Map<String, String> variables) {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$?\\$\\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?})?");

  /// @throws InvalidSettingException naming a variable that is not set, never a value
  Value.Text expand(String text) {
    Matcher matcher = REFERENCE.matcher(text);
    StringBuilder expanded = new StringBuilder();
    boolean substituted = false;
    while (matcher.find()) {
      boolean escaped = matcher.group().startsWith("$$");
      String replacement = escaped ? matcher.group().substring(1) : value(matcher);
      matcher.appendReplacement(expanded, Matcher.quoteReplacement(replacement));
      substituted |= !escaped;
    }
    return new Value.Text(matcher.appendTail(expanded).toString(), substituted);
  }

  private String value(Matcher reference) {
    String name = reference.group(1);
    if (name == null) {
      throw new InvalidSettingException(
          "has a broken reference; write ${NAME}, ${NAME:-default}, or $${ for the characters"
              + " themselves");
    }
    String value = variables.get(name);
    String instead = reference.group(2);
    if (instead != null) {
      return value == null || value.isEmpty() ? instead : value;
    }
    if (value == null) {
      throw new InvalidSettingException(
          "environment variable %s is not set; set it or write ${%s:-default}"
              .formatted(name, name));
    }
    return value;
  }
}
