package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jose.util.Base64URL;
import dev.gatehouse.config.CookieKeyConfig;
import dev.gatehouse.config.EncryptionConfig;
import dev.gatehouse.config.SecretSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CookieSealTest {
  private static final String TOKEN = "header.claims.signature";
  private static final byte[] KEY = bytes(1);
  private static final String TYPE = "\"typ\":\"gatehouse-session+jwe\"";

  @TempDir private Path folder;

  private final SettableClock clock = new SettableClock();
  private final CookieSeal seal = seal(key("a", KEY));

  @Test
  void sealedTokenIsOpenedAgain() {
    String value = seal.seal(TOKEN).orElseThrow();
    assertTrue(CookieSeal.isSealed(value));
    assertEquals(Optional.of(TOKEN), seal.open(value));
    assertFalse(value.contains("claims"));
  }

  @Test
  void noTwoValuesAreAlike() {
    Set<String> nonces = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      nonces.add(seal.seal(TOKEN).orElseThrow().split("\\.", -1)[2]);
    }
    assertEquals(1_000, nonces.size());
  }

  @Test
  void otherLibrariesReadAndWriteTheSame() throws Exception {
    JWEObject ours = JWEObject.parse(seal.seal(TOKEN).orElseThrow());
    ours.decrypt(new DirectDecrypter(KEY));
    assertEquals(TOKEN, ours.getPayload().toString());
    JWEHeader header =
        new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM)
            .keyID("a")
            .type(new JOSEObjectType("gatehouse-session+jwe"))
            .build();
    JWEObject theirs = new JWEObject(header, new Payload(TOKEN));
    theirs.encrypt(new DirectEncrypter(KEY));
    assertEquals(Optional.of(TOKEN), seal.open(theirs.serialize()));
  }

  @Test
  void everyChangedCharacterIsNoticed() {
    String value = seal.seal(TOKEN).orElseThrow();
    for (int i = 0; i < value.length(); i++) {
      char changed = value.charAt(i) == 'A' ? 'Q' : 'A';
      String other = value.substring(0, i) + changed + value.substring(i + 1);
      assertEquals(Optional.empty(), seal.open(other), "at " + i);
    }
  }

  @Test
  void otherFormsAreNotOpened() {
    String value = seal.seal(TOKEN).orElseThrow();
    for (String other :
        List.of(
            "",
            TOKEN,
            value + "=",
            value + ".",
            " " + value,
            value + "A",
            value.substring(1),
            value.substring(0, value.length() - 1),
            value.replace("..", ".AAAA."),
            "{\"ciphertext\":\"" + value + "\"}")) {
      assertEquals(Optional.empty(), seal.open(other), other);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"a\"}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"a\",\"typ\":\"JWE\"}",
        "{\"alg\":\"dir\",\"enc\":\"A128GCM\",\"kid\":\"a\",#}",
        "{\"alg\":\"A256KW\",\"enc\":\"A256GCM\",\"kid\":\"a\",#}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"b\",#}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":7,#}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",#}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"a\",#,\"zip\":\"DEF\"}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"a\",#,\"crit\":[\"exp\"]}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"a\",\"kid\":\"a\",#}"
      })
  void otherHeadersAreRefusedThoughTheKeyFits(String header) throws Exception {
    assertEquals(Optional.empty(), seal.open(sealedWith(header.replace("#", TYPE))));
  }

  @Test
  void headerOfOursIsAcceptedInAnyOrder() throws Exception {
    String header = "{%s, \"kid\":\"a\",\"enc\":\"A256GCM\",\"alg\":\"dir\"}".formatted(TYPE);
    assertEquals(Optional.of(TOKEN), seal.open(sealedWith(header)));
  }

  @Test
  void previousKeyOpensAndTheFirstOneSeals() {
    CookieSeal rotated = seal(key("b", bytes(2)), key("a", KEY));
    assertEquals(Optional.of(TOKEN), rotated.open(seal.seal(TOKEN).orElseThrow()));
    String fresh = rotated.seal(TOKEN).orElseThrow();
    assertEquals(Optional.of(TOKEN), rotated.open(fresh));
    assertEquals(Optional.empty(), seal.open(fresh));
  }

  @Test
  void anotherKeyOfTheSameNameDoesNotOpen() {
    assertEquals(Optional.empty(), seal(key("a", bytes(9))).open(seal.seal(TOKEN).orElseThrow()));
  }

  @Test
  void whatIsNoTokenIsNotSealed() {
    for (String other : List.of("", "a b", "a;b", "a\nb", "ä", "t".repeat(4096))) {
      assertEquals(Optional.empty(), seal.seal(other), other);
    }
    assertTrue(seal.seal("t".repeat(2_800)).isPresent());
  }

  @Test
  void valueIsLimitedToTheByte() {
    int fixed = seal.seal("t").orElseThrow().length() - 2;
    String longest = "t".repeat((4096 - fixed) * 3 / 4);
    String value = seal.seal(longest).orElseThrow();
    assertEquals(4096, value.length());
    assertEquals(Optional.of(longest), seal.open(value));
    assertEquals(Optional.empty(), seal.seal(longest + "t"));
  }

  @Test
  void bareTokenDoesNotLookSealed() {
    for (String other : List.of("", "opaque", TOKEN, "a..b.c.d", "a.b.c.d.e")) {
      assertFalse(CookieSeal.isSealed(other), other);
    }
  }

  @Test
  void keyWithoutAnIdIsNamedByAFingerprintOfThisPurposeOnly() throws Exception {
    byte[] plain = Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(KEY), 8);
    CookieKey key = CookieKey.of(new CookieKeyConfig(Optional.empty(), key("a", KEY).key()));
    assertNotEquals(Base64URL.encode(plain).toString(), key.id());
    // Another release of the gate must give the same key the same name.
    assertEquals("I5kPbBEmOEU", key.id());
  }

  @Test
  void keyPrintsNothingOfItself() {
    assertEquals("CookieKey", CookieKey.of(key("a", KEY)).toString());
  }

  @Test
  void changedKeysAreToldOnce() throws Exception {
    CookieSeal files = seal(file(write("active", KEY)));
    try (RecordedLog log = new RecordedLog()) {
      clock.advance(CookieKeys.LOOK_EVERY);
      files.seal(TOKEN);
      assertEquals(List.of(), log.lines());
      write("active", bytes(2));
      for (int i = 0; i < 3; i++) {
        clock.advance(CookieKeys.LOOK_EVERY);
        files.seal(TOKEN);
      }
      assertEquals(List.of("cookie keys changed: 1 in the ring"), log.lines());
    }
  }

  @Test
  void whoeverComesLaterLooksAgain() throws Exception {
    CookieSeal files = seal(file(write("active", KEY)));
    clock.advance(CookieKeys.LOOK_EVERY);
    Thread.ofVirtual().start(() -> files.seal(TOKEN)).join();
    write("active", bytes(2));
    clock.advance(CookieKeys.LOOK_EVERY);
    assertEquals(
        Optional.of(TOKEN),
        seal(file(write("same", bytes(2)))).open(files.seal(TOKEN).orElseThrow()));
  }

  @Test
  void replacedKeyFilesAreTakenUpWithoutARestart() throws Exception {
    Path active = write("active", KEY);
    Path previous = write("previous", bytes(7));
    CookieSeal files = seal(file(active), file(previous));
    String old = files.seal(TOKEN).orElseThrow();
    write("previous", KEY);
    write("active", bytes(2));
    clock.advance(CookieKeys.LOOK_EVERY);
    String fresh = files.seal(TOKEN).orElseThrow();
    assertNotEquals(old.split("\\.", -1)[0], fresh.split("\\.", -1)[0]);
    assertEquals(Optional.of(TOKEN), files.open(old));
    assertEquals(Optional.of(TOKEN), files.open(fresh));
    write("previous", bytes(2));
    clock.advance(CookieKeys.LOOK_EVERY);
    assertEquals(Optional.empty(), files.open(old));
    assertEquals(Optional.of(TOKEN), files.open(fresh));
  }

  @Test
  void brokenKeyFileLeavesTheKeysAsTheyWere() throws Exception {
    Path active = write("active", KEY);
    CookieSeal files = seal(file(active));
    String value = files.seal(TOKEN).orElseThrow();
    try (RecordedLog log = new RecordedLog()) {
      Files.writeString(active, "canary");
      for (int i = 0; i < 3; i++) {
        clock.advance(Duration.ofSeconds(2));
        assertEquals(Optional.of(TOKEN), files.open(value));
      }
      Files.delete(active);
      clock.advance(Duration.ofSeconds(2));
      assertEquals(Optional.of(TOKEN), files.open(value));
      assertEquals(
          List.of("a cookie key cannot be read any more: the keys stay as they were"), log.lines());
    }
  }

  private String sealedWith(String header) throws Exception {
    // AES-GCM by hand, so that the header can be anything.
    String protectedHeader = Base64URL.encode(header).toString();
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(KEY, "AES"),
        new GCMParameterSpec(128, new byte[12]));
    cipher.updateAAD(protectedHeader.getBytes(StandardCharsets.US_ASCII));
    byte[] out = cipher.doFinal(TOKEN.getBytes(StandardCharsets.US_ASCII));
    return protectedHeader
        + ".."
        + Base64URL.encode(new byte[12])
        + "."
        + Base64URL.encode(Arrays.copyOf(out, out.length - 16))
        + "."
        + Base64URL.encode(Arrays.copyOfRange(out, out.length - 16, out.length));
  }

  private CookieSeal seal(CookieKeyConfig... keys) {
    return CookieSeal.of(new EncryptionConfig(List.of(keys), false), clock);
  }

  private static CookieKeyConfig key(String id, byte[] key) {
    return new CookieKeyConfig(Optional.of(id), new SecretSource(Base64URL.encode(key).toString()));
  }

  private static CookieKeyConfig file(Path file) {
    return new CookieKeyConfig(Optional.empty(), new SecretSource("file:" + file));
  }

  private Path write(String name, byte[] key) throws Exception {
    return Files.writeString(folder.resolve(name), Base64URL.encode(key) + "\n");
  }

  private static byte[] bytes(int of) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) of);
    return bytes;
  }
}
