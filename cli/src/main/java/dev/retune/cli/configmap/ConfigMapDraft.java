package dev.retune.cli.configmap;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A ConfigMap before it is in a cluster, made of files as {@code kubectl create configmap} makes
 * it: bytes that are UTF-8 go to {@code data}, others to {@code binaryData}.
 *
 * @param name name without the hash
 */
public record ConfigMapDraft(
    String name, Map<String, String> data, Map<String, byte[]> binaryData) {
  /** What an API server takes (core/v1 ConfigMap, {@code MaxSecretSize}), in bytes. */
  public static final int MAX_BYTES = 1 << 20;

  private static final Pattern KEY = Pattern.compile("[-._a-zA-Z0-9]{1,253}");
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  public static ConfigMapDraft of(String name, Map<String, byte[]> files) {
    var data = new TreeMap<String, String>();
    var binaryData = new TreeMap<String, byte[]>();
    files.forEach((key, bytes) ->
        utf8(bytes).ifPresentOrElse(text -> data.put(key, text), () -> binaryData.put(key, bytes)));
    return new ConfigMapDraft(name, data, binaryData);
  }

  /** The rule of API-4 and of core/v1: letters, digits, {@code - _ .}, no path. */
  public static boolean validKey(String key) {
    return KEY.matcher(key).matches() && !key.equals(".") && !key.startsWith("..");
  }

  /** A DNS subdomain. */
  public static boolean validName(String name) {
    return name.length() <= 253 && NAME.matcher(name).matches();
  }

  public String hashedName() {
    return AppendHash.name(name, data, binaryData);
  }

  /** Sum of all values, in bytes. */
  public long size() {
    long size = 0;
    for (String text : data.values()) {
      size += text.getBytes(StandardCharsets.UTF_8).length;
    }
    for (byte[] bytes : binaryData.values()) {
      size += bytes.length;
    }
    return size;
  }

  /** The immutable object to create. */
  public Map<String, @Nullable Object> toTree(String namespace) {
    var metadata = new LinkedHashMap<String, @Nullable Object>();
    metadata.put("name", hashedName());
    metadata.put("namespace", namespace);
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("apiVersion", "v1");
    tree.put("kind", "ConfigMap");
    tree.put("metadata", metadata);
    if (!data.isEmpty()) {
      tree.put("data", new LinkedHashMap<String, @Nullable Object>(data));
    }
    if (!binaryData.isEmpty()) {
      tree.put("binaryData", encodedBinaryData());
    }
    tree.put("immutable", true);
    return tree;
  }

  /** Whether an object in the cluster holds the same content. */
  public boolean sameContent(Map<String, @Nullable Object> existing) {
    return strings(existing.get("data")).equals(data)
        && strings(existing.get("binaryData")).equals(encodedBinaryData());
  }

  private Map<String, @Nullable Object> encodedBinaryData() {
    var encoded = new LinkedHashMap<String, @Nullable Object>();
    binaryData.forEach((key, bytes) -> encoded.put(key, Base64.getEncoder().encodeToString(bytes)));
    return encoded;
  }

  private static Map<?, ?> strings(@Nullable Object tree) {
    return tree instanceof Map<?, ?> map ? map : Map.of();
  }

  private static Optional<String> utf8(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException binary) {
      return Optional.empty();
    }
  }
}
