package dev.retune.sandbox.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The protobuf messages the server can read, from the table in {@code protobuf.txt}. */
final class ProtobufMessages {
  /**
   * @param type the element's type when repeated, the value's type for a map
   * @param keepsZero whether a zero value was set on purpose
   */
  record Field(String name, String type, boolean map, boolean repeated, boolean keepsZero) {}

  private static final Map<String, Map<Integer, Field>> MESSAGES = load();

  private ProtobufMessages() {}

  static Optional<Map<Integer, Field>> find(String message) {
    return Optional.ofNullable(MESSAGES.get(message));
  }

  private static Map<String, Map<Integer, Field>> load() {
    try (InputStream in =
        Objects.requireNonNull(ProtobufMessages.class.getResourceAsStream("protobuf.txt"))) {
      Map<String, Map<Integer, Field>> messages = new HashMap<>();
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .forEach(line -> {
            String[] parts = line.split("\\s+", 2);
            messages.put(parts[0], fields(parts[1]));
          });
      return Map.copyOf(messages);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<Integer, Field> fields(String text) {
    Map<Integer, Field> fields = new HashMap<>();
    for (String field : text.split(",", -1)) {
      String[] parts = field.strip().split("\\s+", -1);
      String type = parts[2];
      boolean map = type.startsWith("map<");
      boolean repeated = type.endsWith("[]");
      boolean keepsZero = type.endsWith("*");
      String element =
          map ? type.substring(4, type.length() - 1) : type.replace("[]", "").replace("*", "");
      fields.put(Integer.valueOf(parts[0]), new Field(parts[1], element, map, repeated, keepsZero));
    }
    return Map.copyOf(fields);
  }
}
