package dev.gatehouse.ops;

import dev.gatehouse.config.AdminConfig;
import dev.gatehouse.http.Listener;
import dev.gatehouse.http.ProblemFilter;
import dev.gatehouse.http.ReadOnlyFilter;
import dev.gatehouse.http.RequestIdFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;

/// The listener for operators: a server of its own, so that a flood of chats can not starve it and
/// nothing of it can ever answer on the public one.
public final class AdminListener {
  private static final int MAX_HEADER_SIZE = 8 * 1024;

  private AdminListener() {}

  /// Binds and serves health and metrics.
  ///
  /// @throws IOException if the address can not be bound
  public static Listener start(AdminConfig config, Readiness readiness, Metrics metrics)
      throws IOException {
    Listener listener = Listener.bind("gatehouse-admin", config.listen(), MAX_HEADER_SIZE);
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(new ServletHolder(new HealthServlet(List::of)), "/livez");
    context.addServlet(new ServletHolder(new HealthServlet(readiness::failing)), "/readyz");
    context.addServlet(new ServletHolder(new MetricsServlet(metrics)), "/metrics");
    for (Filter filter :
        List.of(new RequestIdFilter(), new ProblemFilter(), new ReadOnlyFilter())) {
      context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
    }
    listener.serve(context);
    return listener;
  }
}
