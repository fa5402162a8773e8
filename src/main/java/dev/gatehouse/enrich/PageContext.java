package dev.gatehouse.enrich;

import dev.gatehouse.config.Origin;
import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a page says about itself: one well-formed JSON object.
public final class PageContext {
  // Shallower than a body may be, so that a body that takes it in does not get too deep to read.
  private static final int MAX_DEPTH = 64;
  private static final Problem MALFORMED =
      Problem.of(
          ProblemCode.MALFORMED_PAGE_CONTEXT,
          "X-Page-Context must be one base64url-encoded JSON object in UTF-8, without duplicate"
              + " keys and not above the size limit.");

  private final byte[] json;

  private PageContext(byte[] json) {
    this.json = json;
  }

  /// The context of the `X-Page-Context` header: base64url (RFC 4648 section 5), padded or not, of
  /// a JSON object in UTF-8.
  ///
  /// @param values every value of the header; none is no context, several are malformed
  /// @param maxSize bytes of the decoded object
  /// @throws dev.gatehouse.http.ProblemException `malformed-page-context`
  public static Optional<PageContext> fromHeader(List<String> values, int maxSize) {
    if (values.isEmpty()) {
      return Optional.empty();
    }
    if (values.size() > 1) {
      throw MALFORMED.exception();
    }
    byte[] json = decode(values.getFirst(), maxSize);
    if (Outline.read(json, MAX_DEPTH, Place.of(List.of()), RootNames.NONE).isEmpty()) {
      throw MALFORMED.exception();
    }
    return Optional.of(new PageContext(json));
  }

  /// `{"url":…,"path":…}` of the page the request came from, if that page is one of our own.
  ///
  /// @param referer the `Referer` header
  /// @param own the origins whose pages count
  /// @param maxSize bytes of the object; a longer one does without the query or is left out
  public static Optional<PageContext> fromReferer(
      @Nullable String referer, Collection<Origin> own, int maxSize) {
    return Optional.ofNullable(referer)
        .flatMap(PageAddress::parse)
        .filter(address -> own.contains(address.origin()))
        .flatMap(address ->
            List.of(address, address.withoutQuery()).stream()
                .map(PageContext::of)
                .filter(context -> context.json.length <= maxSize)
                .findFirst());
  }

  private static PageContext of(PageAddress address) {
    return new PageContext(
        JsonWriter.write(json ->
            json.writeStartObject()
                .writeStringProperty("url", address.url())
                .writeStringProperty("path", address.path())
                .writeEndObject()));
  }

  private static byte[] decode(String value, int maxSize) {
    // Four characters carry three bytes: nothing that must be too long is decoded at all.
    if (value.length() > (maxSize + 2L) / 3 * 4) {
      throw MALFORMED.exception();
    }
    byte[] json;
    try {
      json = Base64.getUrlDecoder().decode(value.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException _) {
      throw MALFORMED.exception();
    }
    if (json.length > maxSize) {
      throw MALFORMED.exception();
    }
    return json;
  }

  /// The object as it came, read-only by agreement.
  ByteBuffer json() {
    return ByteBuffer.wrap(json);
  }
}
