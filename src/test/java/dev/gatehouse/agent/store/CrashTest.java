package dev.gatehouse.agent.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Item;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CrashTest {
  private static final int SOME = 60;

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @EnumSource
  void whatWasAnnouncedOutlivesAKilledProcess(Databases kind) throws Exception {
    StoreSettings settings = kind.fresh(folder);
    ChatThread thread = Samples.thread();
    try (Store store = Store.open(settings)) {
      store.threads().add(thread);
    }
    List<String> announced = announcedBeforeKill(settings, thread);
    try (Store store = Store.open(settings)) {
      assertEquals(Optional.of(thread), store.threads().find(thread.owner(), thread.id()));
      List<String> kept =
          store.threads().history(thread, Integer.MAX_VALUE).stream().map(Item::id).toList();
      assertTrue(announced.size() >= SOME, "killed too early");
      assertEquals(announced, kept.subList(0, announced.size()));
      // At most the one that it was about to announce.
      assertTrue(kept.size() <= announced.size() + 1, "items that nobody appended");
      store.threads().append(thread, Samples.answer(thread, "life goes on"));
      assertEquals(kept.size() + 1, store.threads().history(thread, Integer.MAX_VALUE).size());
    }
  }

  /// All that it printed before it was killed, most likely in the middle of the next item.
  private static List<String> announcedBeforeKill(StoreSettings settings, ChatThread thread)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-classpath",
                System.getProperty("java.class.path"),
                Appending.class.getName(),
                settings.url(),
                settings.user().orElse(""),
                thread.id(),
                thread.owner())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> announced = new ArrayList<>();
    try (BufferedReader out = process.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        announced.add(line);
        if (announced.size() == SOME) {
          process.toHandle().destroyForcibly();
        }
      }
    } finally {
      process.destroyForcibly();
    }
    process.waitFor();
    return announced;
  }
}
