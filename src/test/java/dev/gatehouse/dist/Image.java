package dev.gatehouse.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gatehouse.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An image in an archive of OCI's layout, unpacked, and run nearly as a container engine does: in
/// its own root, which is only read but for `/tmp`, by the user it names. Network and processes are
/// those of this machine.
final class Image {
  private static final String PATH = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";

  /// What engines put around an image: its root, who it runs as, what it runs.
  private static final String CONTAINED =
      """
      set -e
      root=$1 user=$2
      shift 2
      mount --bind "$root" "$root"
      mount -o remount,bind,ro "$root"
      mount --rbind /proc "$root/proc"
      mount --rbind /dev "$root/dev"
      mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
      exec chroot $user "$root" "$@"
      """;

  private final Path root;
  private final String name;
  private final JsonNode config;

  private Image(Path root, String name, JsonNode config) {
    this.root = root;
    this.name = name;
    this.config = config;
  }

  static Image unpack(Path archive, Path folder) throws Exception {
    Path layout = Files.createDirectories(folder.resolve("layout"));
    done("tar", "-xf", archive.toString(), "-C", layout.toString());
    JsonNode entry = json(layout.resolve("index.json")).at("/manifests/0");
    JsonNode manifest = json(blob(layout, entry));
    Path root = Files.createDirectories(folder.resolve("root"));
    for (JsonNode layer : manifest.at("/layers")) {
      String packed = blob(layout, layer).toString();
      done("tar", "--warning=no-unknown-keyword", "-xzpf", packed, "-C", root.toString());
    }
    furnish(root);
    String name = entry.at("/annotations/org.opencontainers.image.ref.name").asString();
    return new Image(root, name, json(blob(layout, manifest.at("/config"))));
  }

  /// Makes what engines add to every image.
  private static void furnish(Path root) throws IOException {
    Files.createDirectory(root.resolve("proc"));
    Files.createDirectory(root.resolve("dev"));
    Files.writeString(root.resolve("etc/hosts"), "127.0.0.1 localhost\n");
  }

  private static Path blob(Path layout, JsonNode descriptor) throws Exception {
    String digest = descriptor.at("/digest").asString();
    Path blob = layout.resolve("blobs").resolve(digest.replace(':', '/'));
    byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(blob));
    assertEquals(digest, "sha256:" + HexFormat.of().formatHex(sha256));
    assertEquals(descriptor.at("/size").asLong(), Files.size(blob));
    return blob;
  }

  private static JsonNode json(Path file) throws IOException {
    return JsonMapper.shared().readTree(Files.readString(file));
  }

  private static void done(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), command[0]);
  }

  /// Whether this machine lets whoever runs the tests have a root of their own.
  static boolean canRun() throws Exception {
    List<String> command = new ArrayList<>(unshare());
    command.add("true");
    return new ProcessBuilder(command).start().waitFor() == 0;
  }

  private static boolean isPrivileged() {
    return System.getProperty("user.name").equals("root");
  }

  private static List<String> unshare() {
    return isPrivileged()
        ? List.of("unshare", "--mount")
        : List.of("unshare", "--mount", "--map-root-user");
  }

  /// Starts its entry point; strictly, so that a cache that does not fit is an error.
  ///
  /// @param environment above the one that the image has
  /// @param arguments instead of those that the image has, if there are any
  Program run(Map<String, String> environment, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("-i", PATH));
    command.addAll(texts("Env"));
    environment.forEach((key, value) -> command.add(key + "=" + value));
    command.addAll(unshare());
    command.addAll(List.of("sh", "-c", CONTAINED, "sh", root.toString()));
    // Whoever is not privileged has one user only, which is called root inside.
    command.add(isPrivileged() ? "--userspec=" + config("User").asString() : "");
    texts("Entrypoint").forEach(word -> command.add(word.replace("AOTMode=auto", "AOTMode=on")));
    command.addAll(arguments.length == 0 ? texts("Cmd") : List.of(arguments));
    Path env = Path.of("/usr/bin/env");
    return Program.byScript(env, root, Map.of(), command.toArray(String[]::new));
  }

  Path root() {
    return root;
  }

  String name() {
    return name;
  }

  JsonNode config(String key) {
    return config.at("/config/" + key);
  }

  List<String> texts(String key) {
    return config(key).valueStream().map(JsonNode::asString).toList();
  }
}
