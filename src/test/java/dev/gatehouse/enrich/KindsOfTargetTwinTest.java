package dev.gatehouse.enrich;

import static dev.gatehouse.enrich.Enriching.CALLER;
import static dev.gatehouse.enrich.Enriching.NAMES;
import static dev.gatehouse.enrich.Enriching.NONE;
import static dev.gatehouse.enrich.Enriching.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gatehouse.config.ContextConfig;
import dev.gatehouse.config.ProtocolName;
import dev.gatehouse.http.Principal;
import dev.gatehouse.protocol.Protocols;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random bodies are written in pairs, as they come in and as they must go out, so that every byte
/// is accounted for.
final class KindsOfTargetTwinTest {
  private static final int BODIES = Integer.getInteger("random.bodies", 1500);
  private static final String PAGE = "{ \"from\" : [ \"header\", 1.0 ] }";
  private static final String ITEM =
      "{\"description\":\"The page that the user is looking at, as JSON\","
          + "\"value\":\"{ \\\"from\\\" : [ \\\"header\\\", 1.0 ] }\"}";
  private static final String META = "\"dev.gatehouse/pageContext\":" + PAGE;
  private static final String BOTH = USER + ",\"pageContext\":" + PAGE;

  /// A piece of JSON before and after.
  private record Twin(String in, String out) {
    static Twin same(String text) {
      return new Twin(text, text);
    }

    static Twin member(RandomJson json, String name, Twin value) {
      String before = json.member(name, "").text();
      return new Twin(before + value.in, before + value.out);
    }

    static Twin object(RandomJson json, List<Twin> members, String appended) {
      return enclosed(json, '{', members, appended, '}');
    }

    static Twin enclosed(
        RandomJson json, char open, List<Twin> inner, String appended, char close) {
      StringBuilder in = new StringBuilder().append(open);
      StringBuilder out = new StringBuilder().append(open);
      if (inner.isEmpty()) {
        String blank = json.blank();
        return new Twin(in + blank + close, out + appended + blank + close);
      }
      String separator = json.blank();
      for (Twin one : inner) {
        in.append(separator).append(one.in);
        out.append(separator).append(one.out);
        separator = json.blank() + ',' + json.blank();
      }
      String end = json.blank() + close;
      return new Twin(in + end, out + (appended.isEmpty() ? "" : "," + appended) + end);
    }
  }

  private static List<Twin> around(RandomJson json) {
    List<Twin> members = new ArrayList<>();
    json.members(4, Set.of(), 2).forEach(member -> members.add(Twin.same(member.text())));
    return members;
  }

  private static Twin mixed(RandomJson json, List<Twin> members, String appended) {
    json.shuffle(members);
    return Twin.object(json, members, appended);
  }

  private static Twin agUi(RandomJson json) {
    List<Twin> members = around(json);
    List<String> missing = new ArrayList<>();
    if (json.chance(70)) {
      List<Twin> items = new ArrayList<>();
      for (int i = json.below(4); i > 0; i--) {
        items.add(Twin.same(json.value(2)));
      }
      members.add(Twin.member(json, "context", Twin.enclosed(json, '[', items, ITEM, ']')));
    } else {
      missing.add("\"context\":[" + ITEM + "]");
    }
    if (json.chance(70)) {
      List<Twin> inner = around(json);
      boolean there = json.chance(50);
      if (there) {
        inner.add(Twin.member(json, "gatehouse", mixed(json, around(json), USER)));
      }
      String made = there ? "" : "\"gatehouse\":{" + USER + "}";
      members.add(Twin.member(json, "forwardedProps", mixed(json, inner, made)));
    } else {
      missing.add("\"forwardedProps\":{\"gatehouse\":{" + USER + "}}");
    }
    return mixed(json, members, String.join(",", missing));
  }

  private static Twin mcp(RandomJson json) {
    List<Twin> members = around(json);
    if (json.chance(80)) {
      List<Twin> params = around(json);
      boolean there = json.chance(50);
      if (there) {
        params.add(Twin.member(json, "_meta", mixed(json, around(json), META)));
      }
      String made = there ? "" : "\"_meta\":{" + META + "}";
      members.add(Twin.member(json, "params", mixed(json, params, made)));
    }
    return mixed(json, members, "");
  }

  private static Twin a2a(RandomJson json) {
    if (json.chance(50)) {
      return message(json);
    }
    List<Twin> members = around(json);
    members.add(Twin.member(json, "params", message(json)));
    return mixed(json, members, "");
  }

  private static Twin message(RandomJson json) {
    List<Twin> members = around(json);
    boolean message = json.chance(60);
    boolean metadata = json.chance(50);
    if (message) {
      members.add(Twin.same(json.member("message", json.value(2)).text()));
    }
    if (metadata) {
      members.add(Twin.member(json, "metadata", mixed(json, around(json), BOTH)));
    }
    boolean made = message && !metadata;
    return mixed(json, members, made ? "\"metadata\":{" + BOTH + "}" : "");
  }

  private static Twin openAi(RandomJson json) {
    String name = NAMES.forModel(new Principal("", "u-1"));
    return mixed(json, around(json), "\"safety_identifier\":\"" + name + "\"");
  }

  private static Twin random(ProtocolName protocol, RandomJson json) {
    return switch (protocol) {
      case AG_UI -> agUi(json);
      case MCP -> mcp(json);
      case A2A -> a2a(json);
      case OPENAI -> openAi(json);
      case CHATKIT, AI_SDK, JSON, RAW -> throw new IllegalArgumentException();
    };
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void everyByteButOursStays(long seed) {
    RandomJson json = new RandomJson(seed);
    for (ProtocolName protocol :
        List.of(ProtocolName.AG_UI, ProtocolName.MCP, ProtocolName.A2A, ProtocolName.OPENAI)) {
      Enricher enricher =
          Enricher.of(
              new ContextConfig(true, 1024, Optional.empty()), Protocols.of(protocol), NAMES);
      for (int i = 0; i < BODIES; i++) {
        Twin twin = random(protocol, json);
        String blank = json.blank();
        byte[] in = (blank + twin.in + blank).getBytes(StandardCharsets.UTF_8);
        EnrichedBody out = enricher.enrich(in, CALLER, Enriching.page(PAGE), NONE);
        assertEquals(blank + twin.out + blank, Enriching.text(out), twin::in);
      }
    }
  }
}
