package dev.gatehouse.agent.mcp;

import dev.gatehouse.agent.chat.Toolbox;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The tools of all servers, for one turn of one person. Each question runs on a thread of its own,
/// so that closing ends it whatever the server does.
final class McpToolbox implements Toolbox {
  private static final Logger LOG = LoggerFactory.getLogger(McpToolbox.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TypeReference<Map<String, Object>> ARGUMENTS = new TypeReference<>() {};

  private final List<ToolSession> sessions;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final FutureTask<Catalogue> catalogue = new FutureTask<>(this::asked);

  McpToolbox(List<ToolSession> sessions) {
    this.sessions = sessions;
  }

  /// Asks all servers at once, the first time.
  @Override
  public Inventory inventory() {
    return catalogue().inventory();
  }

  @Override
  public Outcome call(String tool, ObjectNode arguments) {
    return catalogue()
        .find(tool)
        .map(entry -> call(entry, arguments))
        .orElseGet(() -> new Outcome(true, "There is no such tool."));
  }

  private Outcome call(Catalogue.Entry entry, ObjectNode arguments) {
    ToolSession session = entry.session();
    Map<String, Object> values = JSON.convertValue(arguments, ARGUMENTS);
    Inquiry<McpSchema.CallToolResult> inquiry =
        Inquiry.ask(threads, session.server().timeout(), () -> session.call(entry.tool(), values));
    try {
      return Said.of(inquiry.await(), session.redaction());
    } catch (ToolFailure e) {
      return new Outcome(true, told(session, e));
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    sessions.forEach(ToolSession::close);
  }

  private Catalogue catalogue() {
    catalogue.run();
    try {
      return catalogue.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a catalogue could not be made", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Catalogue();
    }
  }

  private Catalogue asked() {
    List<Inquiry<List<McpSchema.Tool>>> inquiries = new ArrayList<>();
    for (ToolSession session : sessions) {
      inquiries.add(Inquiry.ask(threads, session.server().timeout(), session::tools));
    }
    Catalogue found = new Catalogue();
    for (int i = 0; i < sessions.size(); i++) {
      ToolSession session = sessions.get(i);
      try {
        found.add(session, inquiries.get(i).await());
      } catch (ToolFailure e) {
        found.problem(told(session, e));
      }
    }
    return found;
  }

  /// The log gets to know that much, and nothing that a server said.
  private String told(ToolSession session, ToolFailure failure) {
    // A session that is closed under a question can fail before the question is interrupted.
    ToolFailure told = threads.isShutdown() ? ToolFailure.of(ToolFailure.Kind.ENDED) : failure;
    LOG.warn("tool server {} failed: {}", session.server().name(), told.kind());
    return told.text(session.server(), session.redaction());
  }
}
