package dev.gatehouse.agent.mcp;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/// Names of tools that model APIs accept: letters, digits, `_` and `-`, at most 64, no two alike.
final class Names {
  private static final Pattern UNFIT = Pattern.compile("[^a-zA-Z0-9_-]");
  private static final int LONGEST = 64;

  private final Set<String> taken = new HashSet<>();

  String of(String server, String tool) {
    String fit = UNFIT.matcher(server + "_" + tool).replaceAll("_");
    String name = cut(fit, LONGEST);
    for (int count = 2; !taken.add(name); count++) {
      String ending = "_" + count;
      name = cut(fit, LONGEST - ending.length()) + ending;
    }
    return name;
  }

  private static String cut(String text, int length) {
    return text.substring(0, Math.min(text.length(), length));
  }
}
