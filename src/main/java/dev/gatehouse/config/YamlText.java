package dev.gatehouse.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// One YAML document as a tree of [Value]s. Substitutes the environment in scalars that are values,
/// and tells the [Problems] where each key stands.
final class YamlText {
  private static final int MAX_VALUES = 10_000;
  private static final int MAX_DEPTH = 16;
  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setUseMarks(true).setAllowDuplicateKeys(true).build();
  private static final Pattern QUOTED_INPUT =
      Pattern.compile("(undefined (?:alias|tag handle)) .*", Pattern.DOTALL);

  private final Environment environment;
  private final Problems problems;
  private int values;

  private YamlText(Environment environment, Problems problems) {
    this.environment = environment;
    this.problems = problems;
  }

  /// @throws ConfigException if it is no YAML, not one document or not a mapping
  static Value.Members read(String text, Environment environment, Problems problems)
      throws ConfigException {
    Optional<Node> root = compose(text, problems);
    if (root.isPresent() && root.get() instanceof MappingNode mapping) {
      return new YamlText(environment, problems).members(mapping, "", 0);
    }
    problems.add(1, "", "must be a mapping of sections such as auth: and routes:");
    throw problems.exception();
  }

  private static Optional<Node> compose(String text, Problems problems) throws ConfigException {
    try {
      refuseDepth(text, problems);
      return new Compose(SETTINGS).composeString(text);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(YamlText::line).orElse(0);
      problems.add(line, "", "is not valid YAML: " + syntax(e, text, line));
    } catch (ReaderException e) {
      long before = text.codePoints().limit(e.getPosition()).filter(c -> c == '\n').count();
      problems.add((int) before + 1, "", "is not valid YAML: it has a control character here");
    } catch (YamlEngineException _) {
      problems.add(0, "", "is not valid YAML 1.2 with plain text keys");
    }
    throw problems.exception();
  }

  /// The composer recurses without a limit of its own, the parser does not.
  private static void refuseDepth(String text, Problems problems) throws ConfigException {
    int depth = 0;
    for (Event event : new Parse(SETTINGS).parseString(text)) {
      depth += depthChange(event);
      if (depth > MAX_DEPTH) {
        problems.add(
            event.getStartMark().map(YamlText::line).orElse(0), "", "is nested too deeply");
        throw problems.exception();
      }
    }
  }

  private static int depthChange(Event event) {
    if (event instanceof CollectionStartEvent) {
      return 1;
    }
    return event instanceof CollectionEndEvent ? -1 : 0;
  }

  private static String syntax(MarkedYamlEngineException e, String text, int line) {
    String context = Objects.requireNonNullElse(e.getContext(), "");
    String problem = context.isBlank() ? e.getProblem() : context + ", " + e.getProblem();
    String safe =
        QUOTED_INPUT.matcher(problem).replaceFirst("$1; quote values that begin with * or !");
    String blamed = text.lines().skip(Math.max(0, line - 1)).findFirst().orElse("");
    return blamed.contains("${")
        ? safe + "; put quotes around \"${NAME}\" inside [ ] and { }"
        : safe;
  }

  private Value value(Node node, String key, int depth) throws ConfigException {
    if (++values > MAX_VALUES || depth > MAX_DEPTH) {
      problems.add(key, "grows beyond any sensible configuration; check anchors and aliases");
      throw problems.exception();
    }
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar, key);
    }
    if (node instanceof SequenceNode sequence) {
      return items(sequence, key, depth);
    }
    return node instanceof MappingNode mapping
        ? members(mapping, key, depth)
        : Value.Broken.REPORTED;
  }

  private Value scalar(ScalarNode node, String key) {
    if (node.getTag().equals(Tag.NULL)) {
      problems.add(key, "has no value; give it one or remove the line");
      return Value.Broken.REPORTED;
    }
    try {
      return environment.expand(node.getValue());
    } catch (InvalidSettingException e) {
      problems.add(key, e.cure());
      return Value.Broken.REPORTED;
    }
  }

  private Value.Items items(SequenceNode node, String key, int depth) throws ConfigException {
    List<Value> items = new ArrayList<>();
    for (Node item : node.getValue()) {
      String itemKey = key + "[" + items.size() + "]";
      problems.locate(itemKey, line(item));
      items.add(value(item, itemKey, depth + 1));
    }
    return new Value.Items(items);
  }

  private Value.Members members(MappingNode node, String key, int depth) throws ConfigException {
    Map<String, Value> members = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      String name = ((ScalarNode) tuple.getKeyNode()).getValue();
      String memberKey = key.isEmpty() ? name : key + "." + name;
      int line = line(tuple.getKeyNode());
      problems.locate(memberKey, line);
      Value value = value(tuple.getValueNode(), memberKey, depth + 1);
      if (members.putIfAbsent(name, value) != null) {
        problems.add(line, memberKey, "is there twice; keep one of the two");
      }
    }
    return new Value.Members(members);
  }

  private static int line(Node node) {
    return node.getStartMark().map(YamlText::line).orElse(0);
  }

  private static int line(Mark mark) {
    return mark.getLine() + 1;
  }
}
