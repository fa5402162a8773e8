package dev.gatehouse.agent.files;

import dev.gatehouse.agent.http.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartConfig;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.util.Attributes;
import org.jspecify.annotations.Nullable;

/// Bodies of requests, written to disk as they arrive and never held in memory. What does not
/// become a whole file leaves nothing behind.
final class Incoming {
  /// Of a form, beside the file: boundaries and the headers of the part.
  private static final int MOST_FRAMING = 16 * 1024;

  private static final Pattern TOO_LARGE = Pattern.compile("max (file size|length) exceeded");
  private static final int BUFFER = 64 * 1024;

  private final Cabinet cabinet;
  private final long mostBytes;
  private final Supplier<RuntimeException> tooLarge;

  /// @param tooLarge what to throw over a file that has more than `mostBytes`
  Incoming(Cabinet cabinet, long mostBytes, Supplier<RuntimeException> tooLarge) {
    this.cabinet = cabinet;
    this.mostBytes = mostBytes;
    this.tooLarge = tooLarge;
  }

  /// A body that is the file.
  ///
  /// @param size that it must have
  /// @throws Refusal if it is of another size, or breaks off
  Received raw(HttpServletRequest request, long size) throws IOException {
    long announced = request.getContentLengthLong();
    if (announced > mostBytes) {
      throw tooLarge.get();
    }
    if (announced >= 0 && announced != size) {
      throw otherSize();
    }
    Path file = cabinet.newcomer();
    try {
      long read = copy(request.getInputStream(), file, size);
      if (read > mostBytes) {
        throw tooLarge.get();
      }
      if (read != size) {
        throw otherSize();
      }
      return new Received(file, size, "", "");
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /// A form of one part, called `file`, that is the file.
  ///
  /// @throws Refusal if it is not, or is too large, or breaks off
  Received form(HttpServletRequest request) throws IOException {
    String type = Objects.requireNonNullElse(request.getContentType(), "");
    if (!type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data;")) {
      throw Refusal.invalid("A file comes as multipart/form-data.");
    }
    if (request.getContentLengthLong() > mostBytes + MOST_FRAMING) {
      throw tooLarge.get();
    }
    try (MultiPartFormData.Parts parts = parts(request, type)) {
      if (parts.size() != 1 || !Objects.equals(parts.get(0).getName(), "file")) {
        throw notOnePart();
      }
      return received(parts.get(0));
    }
  }

  /// As [#form(HttpServletRequest)], and the file has a size that was announced.
  Received form(HttpServletRequest request, long size) throws IOException {
    Received received = form(request);
    if (received.size() != size) {
      received.close();
      throw otherSize();
    }
    return received;
  }

  private static Refusal otherSize() {
    return Refusal.invalid("The file has not the size that was announced.");
  }

  private MultiPartFormData.Parts parts(HttpServletRequest request, String type)
      throws IOException {
    ServletContextRequest core = ServletContextRequest.getServletContextRequest(request);
    MultiPartConfig limits =
        new MultiPartConfig.Builder()
            .location(cabinet.arriving())
            .maxParts(1)
            .maxPartSize(mostBytes)
            .maxSize(mostBytes + MOST_FRAMING)
            .maxMemoryPartSize(0)
            .useFilesForPartsWithoutFileName(true)
            .build();
    Arrival body = new Arrival(core);
    // Attributes of its own: at the end of a request Jetty looks in the request's for parts, and
    // closes the connection without a word if they could not be read.
    Attributes none = new Attributes.Mapped();
    try {
      return MultiPartFormData.getParts(body, none, type, limits);
    } catch (CompletionException e) {
      Throwable gone = body.failure();
      throw gone == null ? failure(e.getCause()) : Refusal.brokenOff(gone);
    }
  }

  /// Jetty tells its limits apart by their texts only.
  private RuntimeException failure(@Nullable Throwable cause) throws IOException {
    String text = cause == null ? "" : String.valueOf(cause.getMessage());
    return switch (cause) {
      case IllegalStateException _ when TOO_LARGE.matcher(text).lookingAt() -> tooLarge.get();
      case IllegalStateException _ -> notOnePart();
      case EOFException e -> Refusal.brokenOff(e);
      case IOException e -> throw e;
      case null, default -> Refusal.invalid("The form cannot be read.");
    };
  }

  private Received received(MultiPart.Part part) throws IOException {
    Path file = cabinet.newcomer();
    part.writeTo(file);
    String type =
        Optional.ofNullable(part.getHeaders().getField(HttpHeader.CONTENT_TYPE))
            .map(HttpField::getValue)
            .orElse("");
    return new Received(
        file, Files.size(file), Objects.requireNonNullElse(part.getFileName(), ""), type);
  }

  /// Stops one byte after the size.
  private static long copy(InputStream body, Path file, long size) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long total = 0;
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
      while (total <= size) {
        int read = read(body, buffer, (int) Math.min(buffer.length, size + 1 - total));
        if (read < 0) {
          break;
        }
        out.write(buffer, 0, read);
        total += read;
      }
    }
    return total;
  }

  private static int read(InputStream body, byte[] buffer, int most) {
    try {
      return body.read(buffer, 0, most);
    } catch (IOException e) {
      throw Refusal.brokenOff(e);
    }
  }

  private static Refusal notOnePart() {
    return Refusal.invalid("The form must have one part, called file.");
  }
}
