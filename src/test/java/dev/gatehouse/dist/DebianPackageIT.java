package dev.gatehouse.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.testing.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Debian package, as dpkg reads it; unpacked, not installed.
final class DebianPackageIT {
  private static final Path DPKG = Path.of("/usr/bin/dpkg-deb");

  @TempDir private Path folder;

  private static Path built() throws IOException {
    assumeTrue(Files.isExecutable(DPKG), "dpkg-deb is missing, so nothing was tried");
    try (Stream<Path> files = Files.list(Path.of("target").toAbsolutePath())) {
      List<Path> found = files.filter(file -> file.toString().endsWith(".deb")).toList();
      assumeTrue(!found.isEmpty(), "no package was built (-Pdist), so nothing was tried");
      return found.getFirst();
    }
  }

  private static String said(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(DPKG.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said;
  }

  @Test
  void packageSaysWhatItNeedsAndKeeps() throws Exception {
    String deb = built().toString();
    String depends = said("--field", deb, "Depends");
    assertTrue(depends.contains("temurin-25-jre | openjdk-25-jre-headless"), depends);
    assertEquals("/etc/gatehouse/gatehouse.yaml", said("--info", deb, "conffiles").strip());
    assertTrue(said("--info", deb, "postinst").contains("adduser --system --group"));
  }

  @Test
  void filesAreWhereDebianHasThem() throws Exception {
    String contents = said("--contents", built().toString());
    for (String line :
        List.of(
            "-rwxr-xr-x root/root .* ./usr/lib/gatehouse/bin/gatehouse",
            "-rw-r--r-- root/root .* ./usr/lib/gatehouse/lib/gatehouse.jar",
            "-rw-r--r-- root/root .* ./usr/lib/gatehouse/lib/gatehouse.aot",
            "-rw-r--r-- root/root .* ./etc/gatehouse/gatehouse.yaml",
            "-rw-r--r-- root/root .* ./usr/lib/systemd/system/gatehouse.service",
            "-rw-r--r-- root/root .* ./usr/share/doc/gatehouse/copyright",
            "l.* root/root .* ./usr/bin/gatehouse -> ../lib/gatehouse/bin/gatehouse")) {
      assertTrue(contents.lines().anyMatch(entry -> entry.matches(line)), line + "\n" + contents);
    }
  }

  @Test
  void unpackedProgramRunsWithItsCache() throws Exception {
    said("--extract", built().toString(), folder.toString());
    Path script = folder.resolve("usr/bin/gatehouse");
    Path cache = folder.resolve("usr/lib/gatehouse/lib/gatehouse.aot");
    Map<String, String> strict = Map.of("JAVA_OPTS", "-XX:AOTMode=on -XX:AOTCache=" + cache);
    try (Program version = Program.byScript(script, folder, strict, "--version")) {
      assertEquals(0, version.exitCode(), () -> version.err() + " " + version.out());
      assertTrue(version.nextLine().startsWith("gatehouse "));
    }
  }
}
