package dev.gatehouse.agent.chat;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Tools of other servers, called in one person's name for the length of one turn. Holds the
/// person's token, and is the only thing in a turn that does.
public interface Toolbox extends AutoCloseable {

  /// One without tools.
  Toolbox NONE = new NoTools();

  /// What can be called. Servers that cannot be asked are left out, each as a problem.
  Inventory inventory();

  /// Calls a tool and waits for what it says. A tool that fails, hangs or is not there is an
  /// [Outcome] too.
  ///
  /// @param tool the name it has in the inventory
  Outcome call(String tool, ObjectNode arguments);

  @Override
  void close();

  /// What there is to call.
  ///
  /// @param problems for people: which server could not be asked, and why
  record Inventory(List<Tool> tools, List<String> problems) {

    public Inventory {
      tools = List.copyOf(tools);
      problems = List.copyOf(problems);
    }
  }

  /// Something to call.
  ///
  /// @param name unique among all servers
  /// @param title for people
  /// @param inputSchema JSON Schema of the arguments
  record Tool(String name, String title, String description, ObjectNode inputSchema) {}

  /// What came of a call.
  ///
  /// @param text what the tool said, or for people what went wrong
  record Outcome(boolean failed, String text) {}

  /// There is nothing to call.
  final class NoTools implements Toolbox {
    private NoTools() {}

    @Override
    public Inventory inventory() {
      return new Inventory(List.of(), List.of());
    }

    @Override
    public Outcome call(String tool, ObjectNode arguments) {
      return new Outcome(true, "There is no such tool.");
    }

    @Override
    public void close() {
      // holds nothing
    }
  }
}
