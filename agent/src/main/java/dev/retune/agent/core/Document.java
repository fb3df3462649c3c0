package dev.retune.agent.core;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The text of a KubeletConfiguration.
 *
 * @param text exactly as the ConfigMap has it
 * @param hash SHA-256 of its UTF-8 bytes in lower-case hex
 */
public record Document(String text, String hash) {

  public static Document of(String text) {
    return new Document(text, sha256(text.getBytes(StandardCharsets.UTF_8)));
  }

  public byte[] bytes() {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** SHA-256 in lower-case hex. */
  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
