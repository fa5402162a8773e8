package dev.gatehouse.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Reads `gatehouse.yaml`: YAML to values, values to records. Every problem of a file is reported
/// at once, each with its line, its key and what would be right.
public final class ConfigFile {
  private static final GatehouseConfig ANYTHING =
      new GatehouseConfig(
          ServerConfig.DEFAULTS,
          AdminConfig.DEFAULTS,
          CookieConfig.DEFAULTS,
          AuthReader.ANY,
          CrossSiteConfig.DEFAULTS,
          AuditConfig.DEFAULTS,
          TelemetryConfig.DEFAULTS,
          List.of(),
          ChatKitConfig.DEFAULTS,
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
    return read(name, text, environment, ConfigFile::gatehouse);
  }

  private static <T> T read(
      String name, String text, Map<String, String> environment, Function<Section, T> reading)
      throws ConfigException {
    Problems problems = new Problems(name);
    Value.Members root = YamlText.read(text, new Environment(environment), problems);
    T config = reading.apply(new Section("", root.values(), problems));
    problems.raise();
    return config;
  }

  /// Reads a configuration of the reference agent; relative paths in it are taken from the working
  /// directory.
  ///
  /// @param environment what `${NAME}` refers to
  /// @throws ConfigException with all that is wrong
  public static AgentConfig readAgent(Path file, Map<String, String> environment)
      throws ConfigException {
    return read(file.toString(), content(file), environment, AgentReader::agent);
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
    CookieConfig cookie = CookieReader.cookie(root.section("cookie"));
    AuthConfig auth = AuthReader.auth(root.section("auth"));
    CrossSiteConfig crossSite = crossSite(root.section("cross-site"));
    AuditConfig audit = AuditReader.audit(root.section("audit"));
    TelemetryConfig telemetry = TelemetryReader.telemetry(root.section("telemetry"));
    List<RouteConfig> routes = RouteReader.routes(root.requiredSections("routes"));
    ChatKitConfig chatKit = chatKit(root.section("chatkit"));
    Optional<Path> webapp = root.value("webapp", ConfigFile::path);
    return root.build(
        ANYTHING,
        () ->
            new GatehouseConfig(
                server, admin, cookie, auth, crossSite, audit, telemetry, routes, chatKit, webapp));
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
    var header = section.value("header-timeout", Amount::duration).orElse(defaults.headerTimeout());
    var body = section.value("body-timeout", Amount::duration).orElse(defaults.bodyTimeout());
    var drain = section.value("drain-timeout", Amount::duration).orElse(defaults.drainTimeout());
    int streams = section.value("max-streams", Amount::count).orElse(defaults.maxStreams());
    int streamsPerUser =
        section.value("max-streams-per-user", Amount::count).orElse(defaults.maxStreamsPerUser());
    RateLimitConfig rates = RateLimitReader.rateLimit(section.section("rate-limit"));
    return section.build(
        defaults,
        () ->
            new ServerConfig(
                listen,
                origins,
                proxies,
                tls,
                headerSize,
                header,
                body,
                drain,
                streams,
                streamsPerUser,
                rates));
  }

  private static AdminConfig admin(Section section) {
    AdminConfig defaults = AdminConfig.DEFAULTS;
    ListenAddress listen = section.value("listen", ListenAddress::parse).orElse(defaults.listen());
    return section.build(defaults, () -> new AdminConfig(listen));
  }

  private static ChatKitConfig chatKit(Section section) {
    Optional<String> key = section.value("domain-key", Function.identity());
    return section.build(
        ChatKitConfig.DEFAULTS, () -> new ChatKitConfig(key.filter(text -> !text.isBlank())));
  }

  private static CrossSiteConfig crossSite(Section section) {
    CrossSiteConfig defaults = CrossSiteConfig.DEFAULTS;
    CrossSiteConfig.Mode mode = section.choice("mode", guardModes()).orElse(defaults.mode());
    List<Origin> origins =
        section.list("allowed-origins", Origin::parse).orElse(defaults.allowedOrigins());
    boolean header =
        section.value("require-header", Amount::truth).orElse(defaults.requireHeader());
    return section.build(defaults, () -> new CrossSiteConfig(mode, origins, header));
  }

  private static Map<String, CrossSiteConfig.Mode> guardModes() {
    Map<String, CrossSiteConfig.Mode> names = new LinkedHashMap<>();
    for (CrossSiteConfig.Mode mode : CrossSiteConfig.Mode.values()) {
      names.put(mode.text(), mode);
    }
    return names;
  }

  static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException _) {
      throw new InvalidSettingException("must be the path of a file or folder");
    }
  }
}
