package dev.gatehouse.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Reads `gatehouse.yaml`: YAML to values, values to records. Every problem of a file is reported
/// at once, each with its line, its key and what would be right.
public final class ConfigFile {
  private static final AuthConfig ANY_AUTH = AuthConfig.of("https://id.example.com", Set.of("*"));

  private static final GatehouseConfig ANYTHING =
      new GatehouseConfig(
          ServerConfig.DEFAULTS,
          AdminConfig.DEFAULTS,
          CookieConfig.DEFAULTS,
          ANY_AUTH,
          CrossSiteConfig.DEFAULTS,
          List.of(),
          Optional.empty());

  private ConfigFile() {}

  /// Reads a file; relative paths in it are taken from the working directory.
  ///
  /// @param environment what `${NAME}` refers to
  /// @throws ConfigException with all that is wrong
  public static GatehouseConfig read(Path file, Map<String, String> environment)
      throws ConfigException {
    return parse(file.toString(), content(file), environment);
  }

  /// Reads text that is no file, such as a resource.
  ///
  /// @param name how problems name it
  /// @param environment what `${NAME}` refers to
  /// @throws ConfigException with all that is wrong
  public static GatehouseConfig parse(String name, String text, Map<String, String> environment)
      throws ConfigException {
    Problems problems = new Problems(name);
    Value.Members root = YamlText.read(text, new Environment(environment), problems);
    GatehouseConfig config = gatehouse(new Section("", root.values(), problems));
    problems.raise();
    return config;
  }

  private static String content(Path file) throws ConfigException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException _) {
      throw unusable(file, "does not exist; name another with --config");
    } catch (CharacterCodingException _) {
      throw unusable(file, "is not UTF-8 text");
    } catch (IOException _) {
      throw unusable(file, "cannot be read; check that it is a file and may be read");
    }
  }

  private static ConfigException unusable(Path file, String cure) {
    return new ConfigException(List.of(new ConfigProblem(file.toString(), 0, "", cure)));
  }

  private static GatehouseConfig gatehouse(Section root) {
    ServerConfig server = server(root.section("server"));
    AdminConfig admin = admin(root.section("admin"));
    CookieConfig cookie = cookie(root.section("cookie"));
    AuthConfig auth = auth(root.section("auth"));
    CrossSiteConfig crossSite = crossSite(root.section("cross-site"));
    List<RouteConfig> routes = RouteReader.routes(root.requiredSections("routes"));
    Optional<Path> webapp = root.value("webapp", ConfigFile::path);
    return root.build(
        ANYTHING,
        () -> new GatehouseConfig(server, admin, cookie, auth, crossSite, routes, webapp));
  }

  private static ServerConfig server(Section section) {
    ServerConfig defaults = ServerConfig.DEFAULTS;
    ListenAddress listen = section.value("listen", ListenAddress::parse).orElse(defaults.listen());
    List<Origin> origins =
        section.list("public-origins", Origin::parse).orElse(defaults.publicOrigins());
    List<Cidr> proxies =
        section.list("trusted-proxies", Cidr::parse).orElse(defaults.trustedProxies());
    Optional<TlsConfig> tls = section.sectionIfAny("tls").map(TlsReader::tls);
    int headerSize =
        section.value("max-header-size", Amount::smallSize).orElse(defaults.maxHeaderSize());
    var drain = section.value("drain-timeout", Amount::duration).orElse(defaults.drainTimeout());
    int streams = section.value("max-streams", Amount::count).orElse(defaults.maxStreams());
    int streamsPerUser =
        section.value("max-streams-per-user", Amount::count).orElse(defaults.maxStreamsPerUser());
    return section.build(
        defaults,
        () ->
            new ServerConfig(
                listen, origins, proxies, tls, headerSize, drain, streams, streamsPerUser));
  }

  private static AdminConfig admin(Section section) {
    AdminConfig defaults = AdminConfig.DEFAULTS;
    ListenAddress listen = section.value("listen", ListenAddress::parse).orElse(defaults.listen());
    return section.build(defaults, () -> new AdminConfig(listen));
  }

  private static CookieConfig cookie(Section section) {
    CookieConfig defaults = CookieConfig.DEFAULTS;
    String name = section.value("name", Function.identity()).orElse(defaults.name());
    return section.build(defaults, () -> new CookieConfig(name));
  }

  private static CrossSiteConfig crossSite(Section section) {
    CrossSiteConfig defaults = CrossSiteConfig.DEFAULTS;
    List<Origin> origins =
        section.list("allowed-origins", Origin::parse).orElse(defaults.allowedOrigins());
    boolean header =
        section.value("require-header", Amount::truth).orElse(defaults.requireHeader());
    return section.build(defaults, () -> new CrossSiteConfig(origins, header));
  }

  private static AuthConfig auth(Section section) {
    AuthConfig defaults = ANY_AUTH;
    Function<String, String> text = Function.identity();
    section.value("mode", ConfigFile::mode);
    String issuer = section.required("issuer", defaults.issuer(), text);
    section.requirePresence("audience");
    Set<String> audience = set(section.list("audience", text)).orElse(defaults.audience());
    var jwksUri = section.value("jwks-uri", HttpUri::parse);
    Set<String> algorithms = set(section.list("algorithms", text)).orElse(defaults.algorithms());
    Set<String> types = set(section.list("token-types", text)).orElse(defaults.tokenTypes());
    var skew = section.value("clock-skew", Amount::duration).orElse(defaults.clockSkew());
    Map<String, String> claims = section.map("required-claims", text).orElse(Map.of());
    List<String> scopes = section.list("required-scopes", text).orElse(List.of());
    Map<String, String> user = section.map("user-claims", text).orElse(defaults.userClaims());
    return section.build(
        defaults,
        () ->
            new AuthConfig(
                issuer, audience, jwksUri, algorithms, types, skew, claims, scopes, user));
  }

  private static String mode(String text) {
    return switch (text) {
      case "jwt" -> text;
      case "introspection", "passthrough" ->
          throw new InvalidSettingException("is not supported in this version; use jwt");
      default -> throw new InvalidSettingException("unknown value, use jwt");
    };
  }

  private static Optional<Set<String>> set(Optional<List<String>> list) {
    return list.map(Set::copyOf);
  }

  static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException _) {
      throw new InvalidSettingException("must be the path of a file or folder");
    }
  }
}
