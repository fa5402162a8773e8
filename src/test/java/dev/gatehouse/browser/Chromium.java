package dev.gatehouse.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import dev.gatehouse.testing.Program;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One browser and one demo for all tests of this package.
record Chromium(Playwright playwright, Browser browser, Program demo, URI site)
    implements AutoCloseable {
  private static final Pattern PATHS = Pattern.compile(Pattern.quote(File.pathSeparator));

  /// The one that `-Dchromium=PATH` names, which then has to be there, else one on the `PATH`.
  static Optional<Path> executable() {
    String named = System.getProperty("chromium", "");
    return named.isEmpty()
        ? Stream.of("chromium", "chromium-browser", "google-chrome")
            .flatMap(
                name -> PATHS.splitAsStream(System.getenv("PATH")).map(it -> Path.of(it, name)))
            .filter(Files::isExecutable)
            .findFirst()
        : Optional.of(Path.of(named));
  }

  static Chromium start(Path executable) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(Path.of("target", "demo"));
    Program demo = Program.start(folder, "demo", "--port", "0");
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    Browser browser =
        playwright
            .chromium()
            .launch(new BrowserType.LaunchOptions().setExecutablePath(executable.toAbsolutePath()));
    URI site = URI.create(demo.nextLine().replaceAll(".* on | \\(.*", ""));
    return new Chromium(playwright, browser, demo, site);
  }

  @Override
  public void close() {
    playwright.close();
    demo.close();
  }
}
