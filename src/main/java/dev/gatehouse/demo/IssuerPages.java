package dev.gatehouse.demo;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What an issuer publishes: its metadata (OpenID Connect Discovery, RFC 8414) and its key set.
final class IssuerPages implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";

  private final Server server;
  private final String issuer;

  private IssuerPages(Server server, String issuer) {
    this.server = server;
    this.issuer = issuer;
  }

  static IssuerPages serve(JWK publicKey) throws IOException {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    Server server = new Server(new VirtualThreadPool());
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(LOOPBACK);
    server.addConnector(connector);
    // The address is part of the documents, so the port has to be known before they are made.
    connector.open();
    String issuer = "http://" + LOOPBACK + ":" + connector.getLocalPort();
    server.setHandler(new Documents(documents(issuer, publicKey)));
    start(server);
    return new IssuerPages(server, issuer);
  }

  String issuer() {
    return issuer;
  }

  URI jwksUri() {
    return URI.create(issuer + "/jwks");
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) { // which is what stop declares
      throw new IllegalStateException("the demo issuer could not stop", e);
    }
  }

  private static void start(Server server) throws IOException {
    try {
      server.start();
    } catch (Exception e) { // which is what start declares
      throw new IOException("the demo issuer could not start", e);
    }
  }

  private static Map<String, String> documents(String issuer, JWK publicKey) {
    String metadata = metadata(issuer).toString();
    return Map.of(
        "/.well-known/openid-configuration", metadata,
        "/.well-known/oauth-authorization-server", metadata,
        "/jwks", new JWKSet(publicKey).toString());
  }

  /// There is no authorization endpoint: people sign in at the gate's own [SignInServlet].
  private static ObjectNode metadata(String issuer) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("issuer", issuer).put("jwks_uri", issuer + "/jwks");
    json.putArray("response_types_supported").add("none");
    json.putArray("subject_types_supported").add("public");
    json.putArray("id_token_signing_alg_values_supported").add("ES256");
    return json;
  }

  /// Fixed JSON by path; what it does not know is left to Jetty's 404.
  private static final class Documents extends Handler.Abstract.NonBlocking {
    private final Map<String, String> byPath;

    Documents(Map<String, String> byPath) {
      this.byPath = byPath;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      String document = byPath.get(Request.getPathInContext(request));
      if (document == null) {
        return false;
      }
      response.setStatus(HttpStatus.OK_200);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
      response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
      ByteBuffer body = ByteBuffer.wrap(document.getBytes(StandardCharsets.UTF_8));
      response.write(true, body, callback);
      return true;
    }
  }
}
