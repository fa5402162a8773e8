package dev.gatehouse.bench;

import dev.gatehouse.auth.TestIssuer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/// A subject that runs.
///
/// @param port where it listens
/// @param process its own, unless there is nothing in between
/// @param startMillis from its start to the end of its first good answer
record Proxy(int port, Optional<Process> process, double startMillis) implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 60_000;
  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
  private static final long FAREWELL_SECONDS = 10;
  private static final int LINE = 60;

  static Proxy start(
      Subject subject,
      Path folder,
      Agent agent,
      TestIssuer issuer,
      Requests requests,
      List<String> gatehouse)
      throws Exception {
    if (subject == Subject.NOTHING) {
      return new Proxy(agent.port(), Optional.empty(), 0);
    }
    int port = freePort();
    List<String> command = subject.command(folder, port, agent.port(), issuer, gatehouse);
    File log = folder.resolve(subject.name() + ".log").toFile();
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    byte[] request = requests.post(0, "", 1024);
    while (!answers(port, request)) {
      if (!process.isAlive() || System.nanoTime() - start > PATIENCE) {
        process.destroyForcibly();
        throw new TimeoutException(subject.title() + " does not answer, see " + log);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    return new Proxy(port, Optional.of(process), (System.nanoTime() - start) / 1e6);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean answers(int port, byte[] request) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      OutputStream out = socket.getOutputStream();
      out.write(request);
      InputStream in = socket.getInputStream();
      String line = new String(in.readNBytes(LINE), StandardCharsets.US_ASCII);
      return line.startsWith("HTTP/1.1 200 ");
    } catch (IOException _) {
      return false; // not yet
    }
  }

  /// What it costs; nothing costs nothing.
  Optional<Cost> cost() {
    return process.map(running -> new Cost(running.toHandle()));
  }

  @Override
  public void close() {
    process.ifPresent(running -> {
      running.destroy();
      running.onExit().completeOnTimeout(running, FAREWELL_SECONDS, TimeUnit.SECONDS).join();
      running.destroyForcibly();
    });
  }
}
