package dev.gatehouse.page;

import dev.gatehouse.http.WholeBody;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.stream.Stream;

/// One file of the browser module, packed into the jar, so that pages of this origin can import it
/// from the gate they talk to, whoever serves them.
public final class ClientModule extends HttpServlet {
  @Serial private static final long serialVersionUID = 1;

  private final byte[] content;
  private final String contentType;
  private volatile String etag = "";

  private ClientModule(byte[] content, String contentType) {
    this.content = content;
    this.contentType = contentType;
  }

  /// The file of this name from the packed webapp.
  public static ClientModule of(String file, String contentType) {
    try (InputStream in = ClientModule.class.getResourceAsStream("/webapp/" + file)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks webapp/" + file);
      }
      return new ClientModule(in.readAllBytes(), contentType);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Made when the file is asked for first, which is not while the gate starts.
  private String etag() {
    String known = etag;
    if (known.isEmpty()) {
      known = '"' + HexFormat.of().formatHex(digest(), 0, 12) + '"';
      etag = known;
    }
    return known;
  }

  private byte[] digest() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// By weak comparison (RFC 9110 section 13.1.2), since a proxy that compresses weakens the tag.
  private static boolean isKnown(String etag, HttpServletRequest request) {
    return Collections.list(request.getHeaders("If-None-Match")).stream()
        .flatMap(value -> Stream.of(value.split(",")))
        .map(String::strip)
        .anyMatch(tag -> tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag));
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader("Cache-Control", "no-cache");
    String etag = etag();
    response.setHeader("ETag", etag);
    if (isKnown(etag, request)) {
      response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
      return;
    }
    WholeBody.send(response, contentType, content);
  }
}
