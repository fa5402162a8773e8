package dev.gatehouse.agent.mcp;

import dev.gatehouse.agent.chat.PlainText;
import io.modelcontextprotocol.client.transport.McpHttpClientTransportAuthorizationException;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpTransportException;
import java.io.IOException;
import java.io.Serial;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Why a tool server did not do what was asked. Has neither a cause nor a stack trace: those of the
/// MCP library quote what the server sent.
final class ToolFailure extends Exception {
  @Serial private static final long serialVersionUID = 1;
  private static final int SAID_LENGTH = 300;
  private static final int FORBIDDEN = 403;
  private static final int DEEPEST = 20;

  private final Kind kind;
  private final transient List<String> wanted;
  private final String said;

  private ToolFailure(Kind kind, List<String> wanted, String said) {
    super(kind.words, null, false, false);
    this.kind = kind;
    this.wanted = wanted;
    this.said = said;
  }

  static ToolFailure of(Kind kind) {
    return new ToolFailure(kind, List.of(), "");
  }

  /// From what was thrown, which must not go any further.
  static ToolFailure from(Throwable thrown) {
    Throwable at = thrown;
    for (int depth = 0; at != null && depth < DEEPEST; depth++) {
      Optional<ToolFailure> known = known(at);
      if (known.isPresent()) {
        return known.get();
      }
      at = at.getCause();
    }
    return of(Kind.NONSENSE);
  }

  private static Optional<ToolFailure> known(Throwable thrown) {
    return switch (thrown) {
      case ToolFailure failure -> Optional.of(failure);
      case McpHttpClientTransportAuthorizationException e ->
          Optional.of(denied(e.getResponseInfo()));
      case McpTransportException _ -> Optional.of(of(Kind.NONSENSE));
      case McpError e -> Optional.of(said(e.getMessage()));
      case HttpConnectTimeoutException _ -> Optional.of(of(Kind.UNREACHABLE));
      case HttpTimeoutException _ -> Optional.of(of(Kind.LATE));
      case TimeoutException _ -> Optional.of(of(Kind.LATE));
      case IOException _ -> Optional.of(of(Kind.UNREACHABLE));
      case InterruptedException _ -> Optional.of(of(Kind.ENDED));
      case CancellationException _ -> Optional.of(of(Kind.ENDED));
      case RejectedExecutionException _ -> Optional.of(of(Kind.ENDED));
      default -> Optional.empty();
    };
  }

  private static ToolFailure denied(ResponseInfo response) {
    Kind kind = response.statusCode() == FORBIDDEN ? Kind.FORBIDDEN : Kind.NOT_SIGNED_IN;
    return new ToolFailure(kind, Challenge.scopes(response.headers()), "");
  }

  private static ToolFailure said(@Nullable String message) {
    return new ToolFailure(Kind.REFUSED, List.of(), message == null ? "" : message);
  }

  Kind kind() {
    return kind;
  }

  /// In words for people.
  String text(ToolServer server, Redaction redaction) {
    StringBuilder text = new StringBuilder(kind.words.formatted(server.name())).append('.');
    String why = PlainText.of(redaction.clean(said), SAID_LENGTH);
    if (!why.isEmpty()) {
      text.append(" It says: ").append(why);
    }
    if (!wanted.isEmpty()) {
      text.append(" It wants the scopes: ").append(redaction.clean(String.join(", ", wanted)));
      text.append('.');
    }
    if (kind.aboutTokens && !asked(server).isEmpty()) {
      text.append(" Asked for were: ").append(String.join(", ", asked(server))).append('.');
    }
    return text.toString();
  }

  private static List<String> asked(ToolServer server) {
    return server.token() instanceof TokenUse.Exchange exchange ? exchange.scopes() : List.of();
  }

  /// What can go wrong.
  enum Kind {
    UNREACHABLE("%s cannot be reached", false),
    LATE("%s did not answer in time", false),
    NOT_SIGNED_IN("%s did not accept the sign-in", true),
    FORBIDDEN("%s does not allow this", true),
    NO_TOKEN("The authorization server did not issue a token for %s", true),
    REFUSED("%s did not do it", false),
    NONSENSE("%s gave an answer that cannot be understood", false),
    ENDED("The answer of %s was not waited for", false);

    private final String words;
    private final boolean aboutTokens;

    Kind(String words, boolean aboutTokens) {
      this.words = words;
      this.aboutTokens = aboutTokens;
    }
  }
}
