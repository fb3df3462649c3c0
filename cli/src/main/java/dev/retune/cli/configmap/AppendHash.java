package dev.retune.cli.configmap;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Names as {@code kubectl create configmap --append-hash} makes them: the name, a dash, and ten
 * characters that stand for the content (kubectl 1.36, {@code pkg/util/hash}). A push with kubectl
 * and one with Retune of the same files meet in the same object.
 */
public final class AppendHash {
  private static final int LENGTH = 10;

  private AppendHash() {}

  /**
   * The name with the hash of the content.
   *
   * @param name the name that the author gave
   * @param data values that are text
   * @param binaryData values that are not UTF-8
   */
  public static String name(String name, Map<String, String> data, Map<String, byte[]> binaryData) {
    var hashed = new TreeMap<String, String>();
    hashed.put("kind", GoJson.string("ConfigMap"));
    hashed.put("name", GoJson.string(name));
    hashed.put("data", GoJson.strings(data));
    if (!binaryData.isEmpty()) {
      var encoded = new TreeMap<String, String>();
      binaryData.forEach(
          (key, bytes) -> encoded.put(key, Base64.getEncoder().encodeToString(bytes)));
      hashed.put("binaryData", GoJson.strings(encoded));
    }
    return name + "-" + readable(sha256(GoJson.object(hashed)).substring(0, LENGTH));
  }

  /** Swaps the digits and letters out of which words could form. */
  private static String readable(String hex) {
    return hex.replace('0', 'g')
        .replace('1', 'h')
        .replace('3', 'k')
        .replace('a', 'm')
        .replace('e', 't');
  }

  private static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
