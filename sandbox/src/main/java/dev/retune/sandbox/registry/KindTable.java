package dev.retune.sandbox.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the built-in kinds are made of, from the table in {@code kinds.txt}: which fields there are,
 * of which type, with which protobuf number, and what they mean.
 */
public final class KindTable {
  private static final Pattern TYPE = Pattern.compile("(\\w+): (.*)");
  private static final Pattern FIELD =
      Pattern.compile("  (-|\\d+) (\\w+) (map<)?(\\w+)>?(\\[])?(\\*)? : (.*)");
  private static final Map<String, Type> TYPES = load();

  private KindTable() {}

  /**
   * A field of a type.
   *
   * @param number in protobuf; 0 when it cannot be sent that way
   * @param type of the value, of each item of a repeated field or of each value of a map
   * @param keepsZero whether a zero value was set on purpose
   */
  public record Field(
      int number,
      String name,
      String type,
      boolean map,
      boolean repeated,
      boolean keepsZero,
      String description) {}

  /** A kind, or a part of one. */
  public record Type(String name, String description, Map<String, Field> fields) {

    /** The field with this number in protobuf. */
    public Optional<Field> numbered(int number) {
      return fields.values().stream().filter(field -> field.number() == number).findFirst();
    }
  }

  /** The type of this name; empty for scalars and for what the table does not know. */
  public static Optional<Type> find(String name) {
    return Optional.ofNullable(TYPES.get(name));
  }

  /** Every type, in the order of the table. */
  public static Collection<Type> types() {
    return TYPES.values();
  }

  private static Map<String, Type> load() {
    try (InputStream in =
        Objects.requireNonNull(KindTable.class.getResourceAsStream("kinds.txt"))) {
      Map<String, Type> types = new LinkedHashMap<>();
      Map<String, Field> fields = new LinkedHashMap<>();
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        Matcher field = FIELD.matcher(line);
        Matcher type = TYPE.matcher(line);
        if (field.matches()) {
          fields.put(field.group(2), field(field));
        } else if (type.matches()) {
          fields = new LinkedHashMap<>();
          types.put(type.group(1), new Type(type.group(1), type.group(2), fields));
        } else if (!line.isBlank() && !line.startsWith("#")) {
          throw new IllegalStateException("kinds.txt: " + line);
        }
      }
      return types;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Field field(Matcher parts) {
    return new Field(
        parts.group(1).equals("-") ? 0 : Integer.parseInt(parts.group(1)),
        parts.group(2),
        parts.group(4),
        parts.group(3) != null,
        parts.group(5) != null,
        parts.group(6) != null,
        parts.group(7));
  }
}
