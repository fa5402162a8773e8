package dev.gatehouse.agent.files;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What signs the addresses of files. Kept beside them, so that addresses outlive a restart and
/// hold for every agent that shares the directory.
final class AddressKey {
  private static final int BYTES = 32;
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec secret;

  private AddressKey(byte[] secret) {
    this.secret = new SecretKeySpec(secret, ALGORITHM);
  }

  /// Makes the key if there is none; of several that try at once, all get the same.
  static AddressKey in(Cabinet cabinet) throws IOException {
    Path file = cabinet.directory().resolve("key");
    if (!Files.exists(file)) {
      create(file, cabinet.newcomer());
    }
    byte[] secret = Files.readAllBytes(file);
    if (secret.length != BYTES) {
      throw new IOException("the key of the attachments' directory has not " + BYTES + " bytes");
    }
    return new AddressKey(secret);
  }

  String sign(Purpose purpose, String id, long expires) {
    String text = purpose.signed() + "\n" + id + "\n" + expires;
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      byte[] signature = mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  private static void create(Path file, Path whole) throws IOException {
    byte[] secret = new byte[BYTES];
    new SecureRandom().nextBytes(secret);
    try (SeekableByteChannel channel =
            Files.newByteChannel(
                whole,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------")));
        var out = Channels.newOutputStream(channel)) {
      out.write(secret);
    }
    try {
      Files.createLink(file, whole);
    } catch (FileAlreadyExistsException e) {
      // Somebody else was faster: theirs is the key.
    } finally {
      Files.delete(whole);
    }
  }
}
