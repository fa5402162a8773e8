package dev.gatehouse.demo;

import java.io.IOException;
import java.util.stream.Stream;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/// The sign-in pages on a free port, and what a browser does with them.
final class DemoSite {
  private final OkHttpClient http = new OkHttpClient.Builder().followRedirects(false).build();
  private final DemoIdentityProvider provider = DemoIdentityProvider.start();
  private final Server server = new Server();
  private final ServerConnector plain = new ServerConnector(server);
  private final ServerConnector behindTls = behindTls(server);

  DemoSite() throws Exception {
    Stream.of(plain, behindTls).forEach(connector -> connector.setHost("127.0.0.1"));
    server.setConnectors(new ServerConnector[] {plain, behindTls});
    ServletContextHandler pages = new ServletContextHandler("/");
    pages.addServlet(new ServletHolder(new SignInServlet(provider, "auth_token")), "/demo/*");
    server.setHandler(pages);
    server.start();
  }

  void stop() throws Exception {
    server.stop();
    provider.close();
    http.connectionPool().evictAll();
  }

  String host() {
    return "127.0.0.1:" + plain.getLocalPort();
  }

  /// The same path on the listener that looks like TLS.
  Request.Builder secureRequest(String path) {
    return new Request.Builder().url("http://127.0.0.1:" + behindTls.getLocalPort() + path);
  }

  Answer form(String target) throws IOException {
    HttpUrl url =
        HttpUrl.get("http://" + host() + "/demo/sign-in")
            .newBuilder()
            .addQueryParameter("return", target)
            .build();
    return send(new Request.Builder().url(url));
  }

  Request.Builder request(String path) {
    return new Request.Builder().url("http://" + host() + path);
  }

  Request.Builder sameOrigin(String path) {
    return request(path).header("Sec-Fetch-Site", "same-origin");
  }

  Answer send(Request.Builder request) throws IOException {
    try (Response response = http.newCall(request.build()).execute()) {
      return new Answer(response, response.body().string());
    }
  }

  static FormBody form(String name, String value) {
    return new FormBody.Builder().add(name, value).build();
  }

  static FormBody signInThen(String target) {
    return new FormBody.Builder().add("user", "demo-reader").add("return", target).build();
  }

  /// A listener whose requests arrived over TLS, as far as a servlet can see.
  private static ServerConnector behindTls(Server server) {
    HttpConfiguration http = new HttpConfiguration();
    http.addCustomizer((request, _) -> new SecureRequest(request));
    return new ServerConnector(server, new HttpConnectionFactory(http));
  }

  private static final class SecureRequest extends org.eclipse.jetty.server.Request.Wrapper {
    SecureRequest(org.eclipse.jetty.server.Request request) {
      super(request);
    }

    @Override
    public boolean isSecure() {
      return true;
    }
  }

  /// A whole response.
  record Answer(Response response, String body) {

    int status() {
      return response.code();
    }

    String header(String name) {
      return String.join(" | ", response.headers(name));
    }
  }
}
