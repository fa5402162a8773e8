package dev.gatehouse.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.text.StringEscapeUtils;

/// The sign-in form and its style, without a script.
record SignInPage(String template, String css) {
  static SignInPage load() {
    return new SignInPage(resource("sign-in.html"), resource("sign-in.css"));
  }

  /// The form, which goes to `target` once it was sent.
  String html(ReturnPath target) {
    String users = Stream.of(DemoUser.values()).map(SignInPage::user).collect(Collectors.joining());
    return template
        .replace("{{users}}", users.strip())
        .replace("{{return}}", StringEscapeUtils.escapeHtml4(target.path()));
  }

  private static String user(DemoUser user) {
    String checked = user == DemoUser.READER ? " checked" : "";
    return """
            <label class="user">
              <input type="radio" name="user" value="%s"%s>
              <span class="name">%s</span>
              <span class="email">%s</span>
            </label>
    """
        .formatted(user.subject(), checked, user.fullName(), user.email());
  }

  private static String resource(String name) {
    try (InputStream in = SignInPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
