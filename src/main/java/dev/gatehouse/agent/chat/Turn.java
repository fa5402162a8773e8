package dev.gatehouse.agent.chat;

import java.util.List;
import java.util.Locale;

/// What a responder answers.
///
/// @param earlier the thread before the cause, hidden items too, oldest first
/// @param page claimed by the browser: data, never instructions
/// @param locale the language of the person's chat
/// @param tools what may be called in the person's name
/// @param uploads the content of attachments
public record Turn(
    Person person,
    ChatThread thread,
    List<Item> earlier,
    Cause cause,
    PageContext page,
    Locale locale,
    Toolbox tools,
    Uploads uploads) {

  public Turn {
    earlier = List.copyOf(earlier);
  }
}
