package dev.gatehouse.config;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Reads the configuration of the reference agent.
final class AgentReader {
  private static final URI ANY_URI = URI.create("https://id.example.com/keys");
  private static final Secret ANY_SECRET = new Secret("any");
  private static final AgentConfig.Trust ANY_TRUST = new AgentConfig.Trust("any", ANY_URI, "any");
  private static final AgentConfig ANYTHING =
      new AgentConfig(
          new ListenAddress("127.0.0.1", 0),
          ANY_TRUST,
          Optional.empty(),
          AgentConfig.Store.DEFAULTS,
          AgentConfig.Files.DEFAULTS,
          List.of(),
          AgentConfig.HISTORY_ITEMS,
          AgentConfig.TURNS_PER_PERSON);
  private static final ListenAddress LISTEN = new ListenAddress("127.0.0.1", 8000);

  private AgentReader() {}

  static AgentConfig agent(Section root) {
    ListenAddress listen = root.value("listen", ListenAddress::parse).orElse(LISTEN);
    root.requirePresence("auth");
    AgentConfig.Trust trust = root.sectionIfAny("auth").map(AgentReader::trust).orElse(ANY_TRUST);
    Optional<AgentConfig.Model> model = root.sectionIfAny("model").map(AgentReader::model);
    AgentConfig.Store store = store(root.section("store"));
    AgentConfig.Files files = files(root.section("files"));
    List<AgentConfig.Tools> tools =
        root.hasAny("tools")
            ? root.requiredSections("tools").stream().map(AgentReader::tools).toList()
            : List.of();
    int history = root.value("history-items", Amount::count).orElse(AgentConfig.HISTORY_ITEMS);
    int turns = root.value("turns-per-person", Amount::count).orElse(AgentConfig.TURNS_PER_PERSON);
    return root.build(
        ANYTHING, () -> new AgentConfig(listen, trust, model, store, files, tools, history, turns));
  }

  private static AgentConfig.Trust trust(Section section) {
    String issuer = section.required("issuer", "any", Function.identity());
    URI keys = section.required("jwks-uri", ANY_URI, HttpUri::parse);
    String audience = section.required("audience", "any", Function.identity());
    return section.build(ANY_TRUST, () -> new AgentConfig.Trust(issuer, keys, audience));
  }

  private static AgentConfig.Model model(Section section) {
    URI url = section.required("url", ANY_URI, HttpUri::parse);
    var api = section.choice("api", apis()).orElse(AgentConfig.Model.Api.RESPONSES);
    String name = section.required("name", "any", Function.identity());
    Optional<Secret> key =
        section
            .value("key", Function.identity())
            .filter(text -> !text.isEmpty())
            .map(Secret::parse);
    String instructions =
        section.value("instructions", Function.identity()).orElse(AgentConfig.Model.INSTRUCTIONS);
    var silence = section.value("silence", Amount::duration).orElse(AgentConfig.Model.SILENCE);
    var timeout = section.value("timeout", Amount::duration).orElse(AgentConfig.Model.TIMEOUT);
    return section.build(
        new AgentConfig.Model(
            ANY_URI,
            api,
            "any",
            Optional.empty(),
            instructions,
            AgentConfig.Model.SILENCE,
            AgentConfig.Model.TIMEOUT),
        () -> new AgentConfig.Model(url, api, name, key, instructions, silence, timeout));
  }

  private static Map<String, AgentConfig.Model.Api> apis() {
    Map<String, AgentConfig.Model.Api> names = new LinkedHashMap<>();
    names.put("responses", AgentConfig.Model.Api.RESPONSES);
    names.put("chat-completions", AgentConfig.Model.Api.CHAT_COMPLETIONS);
    return names;
  }

  private static AgentConfig.Store store(Section section) {
    AgentConfig.Store defaults = AgentConfig.Store.DEFAULTS;
    String url = section.value("url", Function.identity()).orElse(defaults.url());
    Optional<String> user = section.value("user", Function.identity());
    Optional<Secret> password = section.value("password", Secret::parse);
    var retention = section.value("retention", Amount::duration).orElse(defaults.retention());
    return section.build(defaults, () -> new AgentConfig.Store(url, user, password, retention));
  }

  private static AgentConfig.Files files(Section section) {
    AgentConfig.Files defaults = AgentConfig.Files.DEFAULTS;
    var directory = section.value("directory", ConfigFile::path).orElse(defaults.directory());
    long size = section.value("max-size", Amount::size).orElse(defaults.maxSize());
    Optional<URI> publicUrl = section.value("public-url", HttpUri::parse);
    return section.build(defaults, () -> new AgentConfig.Files(directory, size, publicUrl));
  }

  private static AgentConfig.Tools tools(Section section) {
    String name = section.required("name", "any", Function.identity());
    URI url = section.required("url", ANY_URI, HttpUri::parse);
    AgentConfig.Token token = token(section);
    var timeout = section.value("timeout", Amount::duration).orElse(AgentConfig.Tools.TIMEOUT);
    return section.build(
        new AgentConfig.Tools("any", ANY_URI, token, AgentConfig.Tools.TIMEOUT),
        () -> new AgentConfig.Tools(name, url, token, timeout));
  }

  /// There is no default: whom a token is shown to is for the operator to say.
  private static AgentConfig.Token token(Section section) {
    section.requirePresence("token");
    Optional<TokenUse> use = section.choice("token", uses());
    if (use.filter(TokenUse.EXCHANGE::equals).isEmpty()) {
      section.refuse("belongs to token: exchange", List.of("exchange"));
      return use.filter(TokenUse.FORWARD::equals).isPresent()
          ? new AgentConfig.Token.Forward()
          : new AgentConfig.Token.None();
    }
    section.requirePresence("exchange");
    return section
        .sectionIfAny("exchange")
        .map(AgentReader::exchange)
        .orElseGet(AgentConfig.Token.None::new);
  }

  private static AgentConfig.Token exchange(Section section) {
    URI endpoint = section.required("token-endpoint", ANY_URI, HttpUri::parse);
    String id = section.required("client-id", "any", Function.identity());
    Secret secret = section.required("client-secret", ANY_SECRET, Secret::parse);
    String audience = section.required("audience", "any", Function.identity());
    List<String> scopes = section.list("scopes", Function.identity()).orElse(List.of());
    return section.build(
        new AgentConfig.Token.None(),
        () -> new AgentConfig.Token.Exchange(endpoint, id, secret, audience, scopes));
  }

  private static Map<String, TokenUse> uses() {
    Map<String, TokenUse> names = new LinkedHashMap<>();
    names.put("forward", TokenUse.FORWARD);
    names.put("exchange", TokenUse.EXCHANGE);
    names.put("none", TokenUse.NONE);
    return names;
  }

  private enum TokenUse {
    FORWARD,
    EXCHANGE,
    NONE
  }
}
