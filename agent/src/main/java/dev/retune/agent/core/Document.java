package dev.retune.agent.core;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The text of a KubeletConfiguration.
 *
 * @param text what the kubelet is given
 * @param hash SHA-256 of its UTF-8 bytes in lower-case hex
 * @param mergedFrom the ConfigMap's document where {@code text} was made of it and of the node's
 *     own files (AGENT-9); empty where it is that document
 */
public record Document(String text, String hash, Optional<String> mergedFrom) {

  public static Document of(String text) {
    return new Document(text, sha256(text.getBytes(StandardCharsets.UTF_8)), Optional.empty());
  }

  /** This document as what was made of another one. */
  public Document mergedFrom(String document) {
    return new Document(text, hash, Optional.of(document));
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
