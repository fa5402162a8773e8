package dev.gatehouse.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The packaged jar as a process of its own.
public final class Program implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 60;

  /// For programs that live a few seconds: most of their time would go into code that is never
  /// reached again.
  private static final List<String> SHORT_LIVED =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private final Process process;
  private final BlockingQueue<String> coming = new LinkedBlockingQueue<>();
  private final List<String> out = new CopyOnWriteArrayList<>();
  private final List<String> err = new CopyOnWriteArrayList<>();
  private final List<Thread> readers;

  private Program(Process process) {
    this.process = process;
    this.readers =
        List.of(
            Thread.ofVirtual().start(() -> read(process.getInputStream(), this::printed)),
            Thread.ofVirtual().start(() -> read(process.getErrorStream(), this::complained)));
  }

  /// Starts it for a short while with the Java that runs the tests, in a folder, where the locale
  /// knows ASCII only.
  public static Program start(Path folder, String... arguments) throws IOException {
    return start(SHORT_LIVED, folder, arguments);
  }

  /// Starts it with any Java.
  public static Program start(Path java, Path folder, String... arguments) throws IOException {
    return start(java, List.of(), folder, arguments);
  }

  /// Starts it with these options alone of the Java that runs the tests, such as a limit to its
  /// heap.
  public static Program start(List<String> options, Path folder, String... arguments)
      throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return start(java, options, folder, arguments);
  }

  private static Program start(Path java, List<String> options, Path folder, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(options);
    command.addAll(List.of("-jar", System.getProperty("gatehouse.jar")));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("LC_ALL", "C");
    return new Program(builder.start());
  }

  /// Starts it as operators do, by a script that finds the Java that runs the tests.
  public static Program byScript(
      Path script, Path folder, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("JAVA25_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    return new Program(builder.start());
  }

  /// Starts it with further options for Java, and no more open files than that.
  public static Program limited(
      int openFiles, Path folder, List<String> options, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("sh", "-c", "ulimit -n " + openFiles + "; exec \"$0\" \"$@\""));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-jar", System.getProperty("gatehouse.jar")));
    command.addAll(List.of(arguments));
    return new Program(new ProcessBuilder(command).directory(folder.toFile()).start());
  }

  private void printed(String line) {
    LeakRecord.keep(LeakRecord.Kind.OUTPUT, line);
    out.add(line);
    coming.add(line);
  }

  private void complained(String line) {
    LeakRecord.keep(LeakRecord.Kind.OUTPUT, line);
    err.add(line);
  }

  private static void read(InputStream stream, Consumer<String> lines) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.accept(line);
      }
    } catch (IOException e) {
      lines.accept(e.toString());
    }
  }

  /// The next line of standard output, once it is there.
  public String nextLine() throws InterruptedException {
    String line = coming.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (line == null) {
      throw new AssertionError("nothing was printed; on standard error: " + err);
    }
    return line;
  }

  /// Asks it to stop, as an operating system does.
  public void terminate() {
    // Not by the process itself, which would close our ends of its output too.
    process.toHandle().destroy();
  }

  /// Asks it to read its configuration again.
  public void hangUp() throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-HUP", Long.toString(pid())).inheritIO().start();
    assertTrue(kill.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && kill.exitValue() == 0);
  }

  /// Ends it without a word, as `kill -9` does.
  public void kill() {
    close();
  }

  /// What the operating system calls it.
  public long pid() {
    return process.pid();
  }

  /// Whether it has not ended yet.
  public boolean isRunning() {
    return process.isAlive();
  }

  /// Its exit code, once it has ended and everything it said is here.
  public int exitCode() throws InterruptedException {
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it does not end");
    for (Thread reader : readers) {
      reader.join();
    }
    return process.exitValue();
  }

  /// All lines of standard output so far.
  public List<String> out() {
    return List.copyOf(out);
  }

  /// All lines of standard error so far.
  public List<String> err() {
    return List.copyOf(err);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
