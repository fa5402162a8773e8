package dev.gatehouse.page;

import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.DefaultServlet;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.util.resource.Resource;
import org.eclipse.jetty.util.resource.ResourceFactory;

/// The static files at `/`. Names carry no hash, so browsers keep them but ask before each use.
public final class Webapp {
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

  /// Serves the sample page that is packed into the jar.
  public static ServletHolder packed() {
    Resource page = ResourceFactory.root().newClassLoaderResource("webapp/");
    if (page == null) {
      throw new IllegalStateException("the jar lacks the webapp");
    }
    return holder(page.getURI().toString());
  }

  private static ServletHolder holder(String base) {
    ServletHolder holder = new ServletHolder("webapp", new DefaultServlet());
    SETTINGS.forEach(holder::setInitParameter);
    holder.setInitParameter("baseResource", base);
    return holder;
  }
}
