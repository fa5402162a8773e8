package dev.gatehouse.agent.files;

import dev.gatehouse.agent.chat.Attachment;
import dev.gatehouse.agent.http.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Sends files out, whole or in part, as something that no browser takes for a page.
final class Delivery {
  private static final int BUFFER = 64 * 1024;

  private final HttpServletRequest request;
  private final HttpServletResponse response;

  Delivery(HttpServletRequest request, HttpServletResponse response) {
    this.request = request;
    this.response = response;
  }

  /// @param fresh how long a browser may keep it
  void send(Attachment attachment, Path content, Duration fresh) throws IOException {
    String tag = "\"" + attachment.id() + "\"";
    try (SeekableByteChannel file = Files.newByteChannel(content)) {
      Optional<ByteRange> range = range(tag, file.size());
      describe(attachment, tag, fresh);
      ByteRange sent = range.orElse(new ByteRange(0, file.size() - 1));
      if (range.isPresent()) {
        response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
        response.setHeader(
            "Content-Range", "bytes " + sent.first() + "-" + sent.last() + "/" + file.size());
      }
      response.setContentLengthLong(sent.length());
      if (request.getMethod().equals("GET")) {
        copy(Channels.newInputStream(file.position(sent.first())), sent.length());
      }
    }
  }

  private Optional<ByteRange> range(String tag, long size) {
    List<String> ranges = Collections.list(request.getHeaders("Range"));
    String condition = request.getHeader("If-Range");
    boolean same = condition == null || condition.equals(tag);
    if (ranges.size() != 1 || !same || !request.getMethod().equals("GET")) {
      return Optional.empty();
    }
    try {
      return ByteRange.of(ranges.getFirst(), size);
    } catch (ByteRange.Unsatisfiable e) {
      response.setHeader("Content-Range", "bytes */" + size);
      throw Refusal.noSuchRange();
    }
  }

  private void describe(Attachment attachment, String tag, Duration fresh) {
    Presentation presentation = Presentation.of(attachment);
    response.setContentType(presentation.type());
    response.setHeader("Content-Disposition", presentation.disposition());
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Content-Security-Policy", "default-src 'none'; sandbox");
    response.setHeader("Cache-Control", "private, max-age=" + fresh.toSeconds());
    response.setHeader("Accept-Ranges", "bytes");
    response.setHeader("ETag", tag);
  }

  private void copy(InputStream file, long length) throws IOException {
    OutputStream out = response.getOutputStream();
    byte[] buffer = new byte[BUFFER];
    long left = length;
    while (left > 0) {
      int read = file.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new IOException("a file is shorter than it was");
      }
      out.write(buffer, 0, read);
      left -= read;
    }
  }
}
