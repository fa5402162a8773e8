package dev.gatehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The list of parts in the jar is true of the jar.
final class SbomIT {
  private static final String LIST = "META-INF/sbom/gatehouse.cdx.json";

  /// What libraries carry within themselves, so that no list made from dependencies has it.
  private static final Set<String> WITHIN_OTHERS =
      Set.of("com.google.code.gson:gson", "com.github.stephenc.jcip:jcip-annotations");

  private static Set<String> listed(JarFile jar) throws IOException {
    try (InputStream in = jar.getInputStream(jar.getJarEntry(LIST))) {
      JsonNode list = new JsonMapper().readTree(in);
      assertEquals("CycloneDX", list.get("bomFormat").asString());
      return list.get("components")
          .valueStream()
          .map(part ->
              "%s:%s:%s"
                  .formatted(
                      part.get("group").asString(),
                      part.get("name").asString(),
                      part.get("version").asString()))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /// The libraries that say in the jar who they are.
  private static Set<String> contained(JarFile jar) throws IOException {
    Set<String> contained = new TreeSet<>();
    for (JarEntry entry : jar.stream().toList()) {
      if (entry.getName().endsWith("/pom.properties")) {
        Properties pom = new Properties();
        try (InputStream in = jar.getInputStream(entry)) {
          pom.load(in);
        }
        String name = pom.getProperty("groupId") + ":" + pom.getProperty("artifactId");
        if (!WITHIN_OTHERS.contains(name) && !name.startsWith("dev.gatehouse:")) {
          contained.add(name + ":" + pom.getProperty("version"));
        }
      }
    }
    return contained;
  }

  @Test
  void jarListsWhatItIsMadeOf() throws IOException {
    try (JarFile jar = new JarFile(System.getProperty("gatehouse.jar"))) {
      Set<String> listed = listed(jar);
      Set<String> contained = contained(jar);
      assertTrue(contained.size() > 20, contained::toString);
      contained.removeAll(listed);
      assertEquals(Set.of(), contained);
      for (String tool : Set.of("junit", "mockwebserver", "archunit", "error_prone_core")) {
        assertTrue(listed.stream().noneMatch(part -> part.contains(tool)), tool);
      }
    }
  }
}
