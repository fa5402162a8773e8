package dev.gatehouse;

import dev.gatehouse.agent.AgentServer;
import dev.gatehouse.agent.AgentSettings;
import dev.gatehouse.agent.chat.Responder;
import dev.gatehouse.agent.files.FileSettings;
import dev.gatehouse.agent.http.TrustSettings;
import dev.gatehouse.agent.mcp.TokenUse;
import dev.gatehouse.agent.mcp.ToolServer;
import dev.gatehouse.agent.model.ModelResponder;
import dev.gatehouse.agent.model.ModelSettings;
import dev.gatehouse.agent.offline.OfflineResponder;
import dev.gatehouse.agent.store.StoreSettings;
import dev.gatehouse.config.AgentConfig;
import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.ConfigFile;
import dev.gatehouse.config.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Runs the reference agent alone.
@Command(
    name = "agent",
    description = "Run the reference agent: a ChatKit backend with a model behind it.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class AgentCommand implements Callable<Integer> {
  private static final Duration PACE = Duration.ofMillis(35);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "config/agent.yaml",
      description = "The agent's configuration. Default: ${DEFAULT-VALUE}")
  private Path file = Path.of("config/agent.yaml");

  @Override
  public Integer call() throws Exception {
    try {
      AgentConfig config = ConfigFile.readAgent(file, System.getenv());
      AgentServer agent = AgentServer.start(settings(config), responder(config), Optional.empty());
      Foreground.awaitSignal(agent);
      return ExitCode.FINE.number();
    } catch (ConfigException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return ExitCode.WRONG_USAGE.number();
    } catch (IOException e) {
      spec.commandLine().getErr().println("gatehouse: " + StartFailure.told(e));
      return ExitCode.NOT_STARTED.number();
    }
  }

  private static Responder responder(AgentConfig config) {
    return config
        .model()
        .<Responder>map(model -> ModelResponder.to(settings(model)))
        .orElseGet(() -> new OfflineResponder(PACE));
  }

  private static ModelSettings settings(AgentConfig.Model model) {
    return new ModelSettings(
        model.url(),
        switch (model.api()) {
          case RESPONSES -> ModelSettings.Api.RESPONSES;
          case CHAT_COMPLETIONS -> ModelSettings.Api.CHAT_COMPLETIONS;
        },
        model.name(),
        model.key().map(Secret::reveal),
        model.instructions(),
        model.silence(),
        model.timeout());
  }

  private static AgentSettings settings(AgentConfig config) {
    AgentConfig.Trust trust = config.trust();
    AgentConfig.Store store = config.store();
    AgentConfig.Files files = config.files();
    return new AgentSettings(
        config.listen().host(),
        config.listen().port(),
        new TrustSettings(trust.issuer(), trust.jwksUri(), trust.audience()),
        new StoreSettings(
            store.url(), store.user(), store.password().map(Secret::reveal), store.retention()),
        new FileSettings(files.directory(), files.maxSize(), files.publicUrl()),
        config.tools().stream().map(AgentCommand::settings).toList(),
        config.historyItems(),
        config.turnsPerPerson(),
        true);
  }

  private static ToolServer settings(AgentConfig.Tools tools) {
    TokenUse use =
        switch (tools.token()) {
          case AgentConfig.Token.None() -> new TokenUse.None();
          case AgentConfig.Token.Forward() -> new TokenUse.Forward();
          case AgentConfig.Token.Exchange exchange ->
              new TokenUse.Exchange(
                  exchange.tokenEndpoint(),
                  exchange.clientId(),
                  exchange.clientSecret().reveal(),
                  exchange.audience(),
                  exchange.scopes());
        };
    return new ToolServer(tools.name(), tools.url(), use, tools.timeout());
  }
}
