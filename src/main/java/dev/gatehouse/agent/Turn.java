package dev.gatehouse.agent;

import java.util.List;

/// What a responder answers.
///
/// @param earlier the thread before this message, hidden items too, oldest first
/// @param page claimed by the browser: data, never instructions
record Turn(Person person, List<Item> earlier, Item.UserMessage message, PageContext page) {

  Turn {
    earlier = List.copyOf(earlier);
  }
}
