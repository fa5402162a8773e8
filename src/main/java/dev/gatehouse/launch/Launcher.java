package dev.gatehouse.launch;

import java.lang.reflect.InvocationTargetException;

/**
 * What `java -jar` starts. Compiled for Java 8, so that an older Java can say what is missing
 * instead of failing with a class file version.
 */
public final class Launcher {
  private static final int NEEDED = 25;
  private static final int WRONG_USAGE = 2;

  private Launcher() {}

  /**
   * Starts the commands, or explains which Java is needed and exits with 2.
   *
   * @param args the command line
   * @throws ReflectiveOperationException if the jar is incomplete
   */
  public static void main(String[] args) throws ReflectiveOperationException {
    String version = System.getProperty("java.specification.version");
    if (feature(version) < NEEDED) {
      System.err.println(
          "gatehouse needs Java "
              + NEEDED
              + " or newer, and this is Java "
              + version
              + " ("
              + System.getProperty("java.home")
              + ").\n"
              + "Install a newer one (for example Temurin "
              + NEEDED
              + ") and start it by its own path:"
              + " /path/to/jdk-"
              + NEEDED
              + "/bin/java -jar gatehouse.jar");
      System.exit(WRONG_USAGE);
    }
    try {
      Class.forName("dev.gatehouse.Main")
          .getMethod("main", String[].class)
          .invoke(null, (Object) args);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static int feature(String version) {
    String number = version.startsWith("1.") ? version.substring(2) : version;
    return Integer.parseInt(number);
  }
}
