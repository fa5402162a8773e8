package dev.gatehouse.page;

import java.net.URL;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.util.resource.Resource;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The static files at `/`.
public final class Webapp {
  private static final String PAGE = "index.html";
  private static final Logger LOG = LoggerFactory.getLogger(Webapp.class);
  private static final Map<String, String> SETTINGS =
      Map.of(
          "dirAllowed", "false",
          "etags", "true",
          "welcomeServlets", "false",
          "redirectWelcome", "false",
          "acceptRanges", "true");

  private Webapp() {}

  /// Serves a folder. One that is missing is no reason not to start: the routes do without.
  public static ServletHolder of(Path folder) {
    Path absolute = folder.toAbsolutePath();
    Resource files = ResourceFactory.root().newResource(absolute);
    if (files == null || !files.isDirectory()) {
      LOG.atWarn().addKeyValue("webapp", absolute).log("the webapp is no folder: nothing to serve");
    }
    return holder(absolute.toUri().toString(), files);
  }

  /// Serves the sample page that is packed into the jar. Found by a file of its own, because a
  /// folder that a class loader finds more than once has no address.
  public static ServletHolder packed() {
    URL page = Webapp.class.getResource("/webapp/" + PAGE);
    if (page == null) {
      throw new IllegalStateException("the jar lacks the webapp");
    }
    String address = page.toString();
    String folder = address.substring(0, address.length() - PAGE.length());
    return holder(folder, ResourceFactory.root().newResource(folder));
  }

  private static ServletHolder holder(String base, @Nullable Resource files) {
    ServletHolder holder = new ServletHolder("webapp", new StaticFiles(files));
    SETTINGS.forEach(holder::setInitParameter);
    holder.setInitParameter("baseResource", base);
    return holder;
  }
}
