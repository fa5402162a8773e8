package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.config.IssuerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class KeyFileTest {
  @TempDir private Path folder;

  private final SettableClock clock = new SettableClock();
  private final TestIssuer issuer = TestIssuer.start(clock);
  private final BlockingQueue<RefreshResult> results = new LinkedBlockingQueue<>();
  private Path file = Path.of("");

  @BeforeEach
  void write() throws Exception {
    file = folder.resolve("keys.json");
    write("key-0");
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  @Test
  void keysComeFromTheFileAlone() throws Exception {
    try (SigningKeys keys = SigningKeys.open(config(), clock, results::add)) {
      assertEquals(RefreshResult.LOADED, results.take());
      assertTrue(keys.ready());
      assertEquals("user-1", verify(keys).subject());
      assertEquals(0, issuer.jwksFetches() + issuer.metadataRequests().size());
    }
  }

  @Test
  void replacedFileIsTakenUp() throws Exception {
    try (SigningKeys keys = SigningKeys.open(config(), clock, results::add)) {
      results.take();
      issuer.rotate();
      write("key-1");
      results.take();
      assertEquals("user-1", verify(keys).subject());
    }
  }

  @Test
  void brokenOrMissingFileKeepsTheKnownKeys() throws Exception {
    try (SigningKeys keys = new SigningKeys(new KeyFile(file), clock, results::add)) {
      assertEquals(RefreshResult.LOADED, keys.refresh());
      Files.writeString(file, "{\"keys\":");
      assertEquals(RefreshResult.MALFORMED, keys.refresh());
      Files.writeString(file, " ".repeat(600_000));
      assertEquals(RefreshResult.UNREACHABLE, keys.refresh());
      Files.delete(file);
      assertEquals(RefreshResult.UNREACHABLE, keys.refresh());
      Files.createDirectory(file);
      assertEquals(RefreshResult.UNREACHABLE, keys.refresh());
      assertEquals("user-1", verify(keys).subject());
    }
  }

  @Test
  void fileIsLimitedToTheByte() throws Exception {
    try (SigningKeys keys = new SigningKeys(new KeyFile(file), clock, results::add)) {
      String json = Files.readString(file);
      Files.writeString(file, json + " ".repeat(512 * 1024 - json.length()));
      assertEquals(RefreshResult.LOADED, keys.refresh());
      Files.writeString(file, json + " ".repeat(512 * 1024 + 1 - json.length()));
      assertEquals(RefreshResult.UNREACHABLE, keys.refresh());
    }
  }

  private Caller verify(SigningKeys keys) {
    return new TokenVerifier(issuer.config(), keys, clock).verify(issuer.tokenFor("user-1"));
  }

  private void write(String kid) throws Exception {
    Path beside = folder.resolve("new.json");
    Files.writeString(
        beside, "{\"keys\":[" + TestIssuer.rsaKey(kid).toPublicJWK().toJSONString() + "]}");
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private IssuerConfig config() {
    IssuerConfig usual = issuer.config();
    return new IssuerConfig(
        usual.issuer(),
        usual.audience(),
        Optional.of(file.toUri()),
        usual.algorithms(),
        usual.tokenTypes(),
        usual.clockSkew(),
        usual.requiredClaims(),
        usual.requiredScopes(),
        usual.userClaims());
  }
}
