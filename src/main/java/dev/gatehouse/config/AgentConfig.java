package dev.gatehouse.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A configuration of the reference agent.
///
/// @param model what answers; empty for the offline answers of the demo
/// @param historyItems how many items of a thread a turn gets to see
/// @param turnsPerPerson how many turns of one person may be under way
public record AgentConfig(
    ListenAddress listen,
    Trust trust,
    Optional<Model> model,
    Store store,
    Files files,
    List<Tools> tools,
    int historyItems,
    int turnsPerPerson) {
  static final int HISTORY_ITEMS = 50;
  static final int TURNS_PER_PERSON = 16;
  private static final int MOST_HISTORY_ITEMS = 1000;

  public AgentConfig {
    tools = List.copyOf(tools);
    boolean unique = new HashSet<>(tools.stream().map(Tools::name).toList()).size() == tools.size();
    new Requirements()
        .that(unique, "tools", "has two servers of the same name")
        .that(historyItems <= MOST_HISTORY_ITEMS, "history-items", "must be at most 1000")
        .positive(turnsPerPerson, "turns-per-person")
        .hold();
  }

  /// Whose tokens are believed.
  ///
  /// @param jwksUri where the issuer publishes its keys
  public record Trust(String issuer, URI jwksUri, String audience) {
    public Trust {
      new Requirements()
          .that(!issuer.isBlank(), "issuer", "must not be empty")
          .that(!audience.isBlank(), "audience", "must not be empty")
          .that(
              HttpUri.isTrustworthy(jwksUri),
              "jwks-uri",
              "must be an https URL without user info or fragment (http only on loopback)")
          .hold();
    }
  }

  /// A model behind an OpenAI-compatible endpoint.
  ///
  /// @param url up to and without `/responses` or `/chat/completions`
  /// @param silence how long it may say nothing
  /// @param timeout how long one of its answers may take in all
  public record Model(
      URI url,
      Api api,
      String name,
      Optional<Secret> key,
      String instructions,
      Duration silence,
      Duration timeout) {
    static final Duration SILENCE = Duration.ofMinutes(1);
    static final Duration TIMEOUT = Duration.ofMinutes(10);
    static final String INSTRUCTIONS = "You are a helpful assistant on a website.";

    public Model {
      new Requirements()
          .that(!name.isBlank(), "name", "must not be empty")
          .that(silence.isPositive(), "silence", "must be more than 0s")
          .that(timeout.isPositive(), "timeout", "must be more than 0s")
          .that(
              key.isEmpty() || HttpUri.isTrustworthy(url),
              "url",
              "must be an https URL (http only on loopback), or the key would travel in the clear")
          .hold();
    }

    /// Which of the two interfaces it speaks.
    public enum Api {
      RESPONSES,
      CHAT_COMPLETIONS
    }
  }

  /// Where conversations are kept.
  ///
  /// @param url a JDBC URL
  /// @param retention how long after its last item; zero is for ever
  public record Store(
      String url, Optional<String> user, Optional<Secret> password, Duration retention) {
    private static final Pattern KNOWN = Pattern.compile("jdbc:(sqlite|postgresql):.+");
    static final Store DEFAULTS =
        new Store("jdbc:sqlite:agent.db", Optional.empty(), Optional.empty(), Duration.ZERO);

    public Store {
      new Requirements()
          .that(
              KNOWN.matcher(url).matches(),
              "url",
              "must be jdbc:sqlite:FILE or jdbc:postgresql://HOST/DATABASE")
          .that(
              !url.contains("password="), "url", "must not hold the password; use the key password")
          .hold();
    }
  }

  /// Where attachments are kept.
  ///
  /// @param maxSize of one file, in bytes
  /// @param publicUrl where browsers reach this agent; its own address if empty
  public record Files(Path directory, long maxSize, Optional<URI> publicUrl) {
    static final Files DEFAULTS =
        new Files(Path.of("agent-files"), 100L * 1024 * 1024, Optional.empty());

    public Files {
      new Requirements()
          .positive(maxSize, "max-size")
          .that(
              publicUrl.map(url -> !url.toString().endsWith("/")).orElse(true),
              "public-url",
              "must not end with a slash")
          .hold();
    }
  }

  /// An MCP server.
  ///
  /// @param timeout how long one of its answers may take
  public record Tools(String name, URI url, Token token, Duration timeout) {
    static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,19}");

    public Tools {
      new Requirements()
          .that(
              NAME.matcher(name).matches(),
              "name",
              "must be 1 to 20 small letters, digits and hyphens, a letter first")
          .that(timeout.isPositive(), "timeout", "must be more than 0s")
          .that(
              token instanceof Token.None || HttpUri.isTrustworthy(url),
              "url",
              "must be an https URL (http only on loopback), or a token would travel in the clear")
          .hold();
    }
  }

  /// Which token an MCP server gets.
  public sealed interface Token {

    record None() implements Token {}

    record Forward() implements Token {}

    /// RFC 8693.
    record Exchange(
        URI tokenEndpoint,
        String clientId,
        Secret clientSecret,
        String audience,
        List<String> scopes)
        implements Token {

      public Exchange {
        scopes = List.copyOf(scopes);
        new Requirements()
            .that(
                HttpUri.isTrustworthy(tokenEndpoint),
                "token-endpoint",
                "must be an https URL without user info or fragment (http only on loopback)")
            .that(!clientId.isBlank(), "client-id", "must not be empty")
            .that(!audience.isBlank(), "audience", "must not be empty")
            .hold();
      }
    }
  }
}
