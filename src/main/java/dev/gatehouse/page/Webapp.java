package dev.gatehouse.page;

import java.net.URL;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.DefaultServlet;
import org.eclipse.jetty.ee10.servlet.ServletHolder;

/// The static files at `/`. Names carry no hash, so browsers keep them but ask before each use.
public final class Webapp {
  private static final String PAGE = "index.html";
  private static final Map<String, String> SETTINGS =
      Map.of(
          "dirAllowed", "false",
          "etags", "true",
          "cacheControl", "no-cache",
          "welcomeServlets", "false",
          "redirectWelcome", "false",
          "acceptRanges", "true");

  private Webapp() {}

  /// Serves a folder.
  public static ServletHolder of(Path folder) {
    return holder(folder.toAbsolutePath().toUri().toString());
  }

  /// Serves the sample page that is packed into the jar. Found by a file of its own, because a
  /// folder that a class loader finds more than once has no address.
  public static ServletHolder packed() {
    URL page = Webapp.class.getResource("/webapp/" + PAGE);
    if (page == null) {
      throw new IllegalStateException("the jar lacks the webapp");
    }
    String address = page.toString();
    return holder(address.substring(0, address.length() - PAGE.length()));
  }

  private static ServletHolder holder(String base) {
    ServletHolder holder = new ServletHolder("webapp", new DefaultServlet());
    SETTINGS.forEach(holder::setInitParameter);
    holder.setInitParameter("baseResource", base);
    return holder;
  }
}
