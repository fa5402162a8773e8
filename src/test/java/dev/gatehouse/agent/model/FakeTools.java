package dev.gatehouse.agent.model;

import dev.gatehouse.agent.chat.Toolbox;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// One tool, `search`, that says what a test wants it to.
final class FakeTools implements Toolbox {
  final List<String> calls = new CopyOnWriteArrayList<>();
  private final List<String> problems;
  private final Function<ObjectNode, Outcome> search;

  FakeTools(List<String> problems, Function<ObjectNode, Outcome> search) {
    this.problems = problems;
    this.search = search;
  }

  static FakeTools finding(Function<ObjectNode, Outcome> search) {
    return new FakeTools(List.of(), search);
  }

  @Override
  public Inventory inventory() {
    return new Inventory(
        List.of(
            new Tool(
                "search",
                "Search the *library*",
                "Finds books.",
                Asked.object(
                    "{\"type\":\"object\",\"properties\":{\"q\":{\"type\":\"string\"}}}"))),
        problems);
  }

  @Override
  public Outcome call(String tool, ObjectNode arguments) {
    calls.add(tool + arguments);
    return tool.equals("search") ? search.apply(arguments) : NONE.call(tool, arguments);
  }

  @Override
  public void close() {
    // holds nothing
  }
}
