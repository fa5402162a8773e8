package dev.gatehouse.testing;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// The head of a request that never was on a wire: for what decides by headers alone and is to be
/// asked hundreds of thousands of times. Whoever asks it for anything else is told so.
///
/// @param fields in their order
public record HeadersOnly(String method, List<Field> fields) {

  /// A header line.
  public record Field(String name, String value) {}

  /// A head from lines, `Name: value` each; a line without a colon is passed over. Values are as a
  /// server hands them on: without white space around them.
  public static HeadersOnly of(String method, List<String> lines) {
    List<Field> fields = new ArrayList<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.add(new Field(line.substring(0, colon), line.substring(colon + 1).strip()));
      }
    }
    return new HeadersOnly(method, fields);
  }

  /// The lines of an input, each byte a character, as in a head.
  public static List<String> lines(byte[] input) {
    return List.of(new String(input, StandardCharsets.ISO_8859_1).split("\n", -1));
  }

  /// All values of a header.
  public List<String> values(String name) {
    return fields.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Field::value)
        .toList();
  }

  /// The same as a servlet sees it.
  public HttpServletRequest request() {
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            HttpServletRequest.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (_, asked, arguments) ->
                switch (asked.getName()) {
                  case "getMethod" -> method;
                  case "getHeaders" -> Collections.enumeration(values((String) arguments[0]));
                  case "getHeader" ->
                      values((String) arguments[0]).stream().findFirst().orElse(null);
                  case "getContentLengthLong" -> contentLength();
                  default -> throw new UnsupportedOperationException(asked.getName());
                });
  }

  private long contentLength() {
    return Optional.of(values("Content-Length"))
        .filter(values -> values.size() == 1 && values.getFirst().matches("[0-9]{1,18}"))
        .map(values -> Long.parseLong(values.getFirst()))
        .orElse(-1L);
  }
}
