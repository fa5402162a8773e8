package dev.gatehouse.agent.offline;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the offline responder can show besides words, most particular first.
enum Show {
  CLOSE("(close|end|lock) (this|the|our) (conversation|chat|thread)"),
  FORM("form|questionnaire|survey"),
  LIST("(show|make|give)( me)? a list|list widget"),
  CARD("card|widget|button"),
  PAGE_TOOL("selected|selection|what did i (mark|select)"),
  EFFECT("highlight|flash|effect"),
  NOTICE("notice|warn me"),
  TOOL("orders?|tools?");

  private final Pattern keywords;

  Show(String keywords) {
    this.keywords = Pattern.compile("\\b(" + keywords + ")\\b");
  }

  /// What the question asks to see, if anything.
  static Optional<Show> of(String question) {
    String lower = question.toLowerCase(Locale.ROOT);
    return Stream.of(values()).filter(show -> show.keywords.matcher(lower).find()).findFirst();
  }
}
