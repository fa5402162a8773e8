package dev.gatehouse.page;

import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.regex.Pattern;
import org.eclipse.jetty.ee10.servlet.DefaultServlet;
import org.eclipse.jetty.util.resource.Resource;
import org.eclipse.jetty.util.resource.Resources;
import org.jspecify.annotations.Nullable;

/// Jetty's static files, which can be read and nothing else. Names carry no hash, so browsers keep
/// them but ask before each use.
final class StaticFiles extends DefaultServlet {
  @Serial private static final long serialVersionUID = 1;

  /// Names that begin with a dot are not meant to be served, however they are spelled; RFC 8615 has
  /// the one exception.
  private static final Pattern HIDDEN = Pattern.compile("/\\.(?!well-known/)");

  private final transient @Nullable Resource files;

  StaticFiles(@Nullable Resource files) {
    this.files = files;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    if (HIDDEN.matcher(request.getServletPath()).find()) {
      throw Problem.of(ProblemCode.NOT_FOUND, "There is nothing here").exception();
    }
    switch (request.getMethod()) {
      case "GET", "HEAD" -> {
        response.setHeader("Cache-Control", "no-cache");
        super.service(request, response);
      }
      default -> throw refusal(request.getServletPath());
    }
  }

  /// A message to a path that is neither route nor file has gone astray, whatever its method.
  private RuntimeException refusal(String path) {
    boolean there = files != null && Resources.exists(files.resolve(path));
    return there
        ? Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "This path can only be read")
            .with("Allow", "GET, HEAD")
            .exception()
        : Problem.of(ProblemCode.NOT_FOUND, "There is nothing here").exception();
  }
}
