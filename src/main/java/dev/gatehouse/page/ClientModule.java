package dev.gatehouse.page;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// One file of the browser module, packed into the jar, so that pages served elsewhere can import
/// it from the gate they talk to.
public final class ClientModule extends HttpServlet {
  @Serial private static final long serialVersionUID = 1;

  private final byte[] content;
  private final String contentType;
  private final String etag;

  private ClientModule(byte[] content, String contentType, String etag) {
    this.content = content;
    this.contentType = contentType;
    this.etag = etag;
  }

  /// The file of this name from the packed webapp.
  public static ClientModule of(String file, String contentType) {
    try (InputStream in = ClientModule.class.getResourceAsStream("/webapp/" + file)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks webapp/" + file);
      }
      byte[] content = in.readAllBytes();
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return new ClientModule(
          content, contentType, '"' + HexFormat.of().formatHex(digest, 0, 12) + '"');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader("Cache-Control", "no-cache");
    response.setHeader("ETag", etag);
    if (etag.equals(request.getHeader("If-None-Match"))) {
      response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
      return;
    }
    response.setContentType(contentType);
    response.setContentLength(content.length);
    response.getOutputStream().write(content);
  }
}
