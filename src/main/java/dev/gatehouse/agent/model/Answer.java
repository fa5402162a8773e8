package dev.gatehouse.agent.model;

import dev.gatehouse.agent.chat.ClientLeft;
import dev.gatehouse.agent.chat.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// What a model says in one round, as far as it has come. Its words go out as they come; its calls
/// are worth something only once it is over.
final class Answer {
  private static final int MOST_CHARACTERS = 1024 * 1024;
  private static final int MOST_CALLS = 32;

  private final Reply reply;
  private final StringBuilder text = new StringBuilder();
  private final SortedMap<Integer, Draft> drafts = new TreeMap<>();
  private int characters;
  private Optional<String> shortfall = Optional.empty();
  private boolean whole;
  private boolean over;

  Answer(Reply reply) {
    this.reply = reply;
  }

  void say(String delta) throws ClientLeft, ModelFailure {
    count(delta);
    reply.say(delta);
    text.append(delta);
  }

  /// A part of a call; what is empty was said before or is yet to come.
  ///
  /// @param index by which the parts of one call are known
  void call(int index, String id, String name, String moreArguments) throws ModelFailure {
    count(id + name + moreArguments);
    Draft draft = drafts.computeIfAbsent(index, _ -> new Draft());
    if (drafts.size() > MOST_CALLS) {
      throw new ModelFailure("it wanted too many tools at once");
    }
    draft.id = id.isEmpty() ? draft.id : id;
    draft.name = name.isEmpty() ? draft.name : name;
    draft.arguments.append(moreArguments);
  }

  /// The arguments of a call, as they are once all parts have come.
  void arguments(int index, String whole) throws ModelFailure {
    call(index, "", "", "");
    count(whole);
    Draft draft = drafts.computeIfAbsent(index, _ -> new Draft());
    draft.arguments.setLength(0);
    draft.arguments.append(whole);
  }

  /// Where the parts of the latest call go, and with `next` those of one more.
  int index(boolean next) {
    int last = drafts.isEmpty() ? -1 : drafts.lastKey();
    return next || last < 0 ? last + 1 : last;
  }

  /// The model stopped before its end.
  ///
  /// @param why for people
  void cutShort(String why) {
    shortfall = Optional.of(why);
  }

  /// The model said that it is done; it may still tell what it did.
  void complete() {
    whole = true;
  }

  /// The model said that this was all.
  void end() {
    whole = true;
    over = true;
  }

  /// Whether nothing is missing if it says no more.
  boolean isWhole() {
    return whole;
  }

  boolean isOver() {
    return over;
  }

  Optional<String> shortfall() {
    return shortfall;
  }

  String text() {
    return text.toString();
  }

  /// What is to be called; nothing if the answer was cut short, maybe in the middle of a call.
  List<ToolCall> calls() throws ModelFailure {
    List<ToolCall> calls = new ArrayList<>();
    if (shortfall.isEmpty()) {
      for (Draft draft : drafts.values()) {
        calls.add(draft.call());
      }
    }
    return calls;
  }

  private void count(String more) throws ModelFailure {
    characters += more.length();
    if (characters > MOST_CHARACTERS) {
      throw new ModelFailure("its answer is too long");
    }
  }

  /// A call whose parts are still coming in.
  private static final class Draft {
    private final StringBuilder arguments = new StringBuilder();
    private String id = "";
    private String name = "";

    ToolCall call() throws ModelFailure {
      if (id.isEmpty() || name.isEmpty()) {
        throw new ModelFailure("it wanted a tool without saying which");
      }
      return new ToolCall(id, name, parsed());
    }

    /// Nothing at all is what some models write for no arguments.
    private Optional<ObjectNode> parsed() {
      return arguments.toString().isBlank()
          ? Optional.of(Fence.data())
          : EventJson.object(arguments.toString());
    }
  }
}
