package dev.gatehouse;

import java.lang.reflect.Proxy;

/// SIGHUP, the signal by which daemons are asked to read their configuration again.
final class Hangup {
  private Hangup() {}

  /// Runs an action at every such signal, on a thread of its own; never where the system has no
  /// such signal.
  ///
  /// Java has signals in `jdk.unsupported` only. The compiler warns of every mention, whatever is
  /// suppressed, and warnings are errors here: hence by name.
  static void on(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object runs =
          Proxy.newProxyInstance(
              Hangup.class.getClassLoader(),
              new Class<?>[] {handler},
              (_, method, _) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                }
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), runs);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java hands out no signals", e);
    }
  }
}
