package dev.gatehouse.agent.model;

import dev.gatehouse.agent.chat.Reply;
import dev.gatehouse.agent.chat.Responder;
import dev.gatehouse.agent.chat.Toolbox;
import dev.gatehouse.agent.chat.Turn;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers with what a model says, and lets it call the person's tools on the way.
public final class ModelResponder implements Responder {
  private static final Logger LOG = LoggerFactory.getLogger(ModelResponder.class);

  private final ModelSettings settings;
  private final Endpoint endpoint;

  private ModelResponder(ModelSettings settings, Endpoint endpoint) {
    this.settings = settings;
    this.endpoint = endpoint;
  }

  /// One that asks this model. Nothing is sent yet.
  ///
  /// @throws IllegalArgumentException if the URL is not one of HTTP, or the key cannot be a header
  public static ModelResponder to(ModelSettings settings) {
    return new ModelResponder(settings, Endpoint.of(settings));
  }

  /// One that asks in the same way elsewhere, where nobody needs to know the key.
  ///
  /// @param baseUrl as in the settings
  public ModelResponder at(URI baseUrl) {
    return to(
        new ModelSettings(
            baseUrl,
            settings.api(),
            settings.model(),
            Optional.empty(),
            settings.instructions(),
            settings.silence(),
            settings.timeout()));
  }

  @Override
  public void respond(Turn turn, Reply reply) throws IOException {
    if (!turn.tools().equals(Toolbox.NONE)) {
      reply.progress("bolt", "Looking for tools"); // a server may take its time
    }
    Toolbox.Inventory inventory = turn.tools().inventory();
    Prompt prompt = Prompt.of(turn, settings.instructions(), inventory.tools());
    try {
      new Rounds(endpoint, turn.tools(), inventory, reply).run(prompt);
    } catch (ModelFailure e) {
      LOG.warn("the model failed: {}", e.getMessage());
      throw e;
    }
  }

  /// Calls off what is still being answered.
  @Override
  public void close() {
    endpoint.close();
  }

  @Override
  public String toString() {
    return "ModelResponder[" + settings + "]";
  }
}
