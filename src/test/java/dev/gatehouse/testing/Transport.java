package dev.gatehouse.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;

/// What a browser and the gate speak.
public enum Transport {
  /// HTTP/1.1 in the clear.
  HTTP_1(false, Protocol.HTTP_1_1),
  /// HTTP/2 in the clear, without a question.
  H2C(false, Protocol.H2_PRIOR_KNOWLEDGE),
  /// HTTP/1.1 under TLS.
  TLS_HTTP_1(true, Protocol.HTTP_1_1),
  /// HTTP/2 under TLS.
  H2(true, Protocol.HTTP_2);

  private static final Certificates CERTIFICATES = Certificates.ec();
  private static final Path FOLDER = written();

  private final boolean secure;
  private final Protocol protocol;

  Transport(boolean secure, Protocol protocol) {
    this.secure = secure;
    this.protocol = protocol;
  }

  /// Whether under TLS.
  public boolean secure() {
    return secure;
  }

  /// The line for `server` that makes a gate speak it.
  String setting() {
    return secure ? "tls: {certificate: %1$s/gate.crt, key: %1$s/gate.key}".formatted(FOLDER) : "";
  }

  /// The files stay while tests run, since a gate looks at them again and again.
  private static Path written() {
    try {
      Path folder = Files.createTempDirectory("gatehouse");
      CERTIFICATES.writePem(folder, "gate");
      folder.toFile().deleteOnExit();
      folder.resolve("gate.crt").toFile().deleteOnExit();
      folder.resolve("gate.key").toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A client with connections of its own.
  OkHttpClient client(OkHttpClient like) {
    OkHttpClient.Builder builder =
        like.newBuilder().connectionPool(new ConnectionPool()).protocols(protocols());
    if (secure) {
      HandshakeCertificates trust = CERTIFICATES.trust();
      builder.sslSocketFactory(trust.sslSocketFactory(), trust.trustManager());
    }
    return builder.build();
  }

  /// No client may offer HTTP/2 without HTTP/1.1 behind it.
  private List<Protocol> protocols() {
    return protocol == Protocol.HTTP_2
        ? List.of(Protocol.HTTP_2, Protocol.HTTP_1_1)
        : List.of(protocol);
  }

  /// A raw connection that has agreed on this.
  Wire wire(int port) throws IOException {
    Socket tcp = new Socket(InetAddress.getLoopbackAddress(), port);
    if (!secure) {
      return new Wire(tcp);
    }
    SSLSocket tls =
        (SSLSocket)
            CERTIFICATES.trust().sslSocketFactory().createSocket(tcp, "127.0.0.1", port, true);
    SSLParameters parameters = tls.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {protocol.toString()});
    tls.setSSLParameters(parameters);
    tls.startHandshake();
    return new Wire(tls, tcp);
  }
}
