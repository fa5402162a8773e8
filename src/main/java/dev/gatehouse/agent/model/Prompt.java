package dev.gatehouse.agent.model;

import dev.gatehouse.agent.chat.Toolbox;
import dev.gatehouse.agent.chat.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What a model is told: the operator's instructions as they are, and the rest as entries.
///
/// @param instructions never with anything in it that came from a person, a page or a tool
record Prompt(String instructions, List<Entry> entries, List<Toolbox.Tool> tools) {

  Prompt {
    entries = List.copyOf(entries);
    tools = List.copyOf(tools);
  }

  /// What went before, oldest first, then who asks from where, then the cause.
  static Prompt of(Turn turn, String instructions, List<Toolbox.Tool> tools) {
    List<Entry> entries = new ArrayList<>();
    turn.earlier().stream().map(Memory::of).flatMap(List::stream).forEach(entries::add);
    entries.add(Entry.User.of(Surroundings.of(turn)));
    entries.add(Memory.of(turn.cause(), turn.uploads()));
    return new Prompt(instructions, entries, tools);
  }

  Prompt with(List<Entry> more) {
    return new Prompt(instructions, Stream.concat(entries.stream(), more.stream()).toList(), tools);
  }
}
