package dev.retune.sandbox.crd;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The CEL types of a schema ({@code k8s.io/apiserver/pkg/cel/common/schemas.go}). What has no type
 * in the schema cannot be used in a rule.
 */
final class CelTypes {
  private static final Set<String> RESERVED =
      Set.of(
          "true",
          "false",
          "null",
          "in",
          "as",
          "break",
          "const",
          "continue",
          "else",
          "for",
          "function",
          "if",
          "import",
          "let",
          "loop",
          "package",
          "namespace",
          "return",
          "var",
          "void",
          "while");
  private static final Pattern PLAIN = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_./-]*");
  private static final Pattern ESCAPED_PART = Pattern.compile("__|[./-]");

  private final Map<String, CelType> structs = new LinkedHashMap<>();
  private final IdentityHashMap<Schema, Optional<CelType>> known = new IdentityHashMap<>();

  /**
   * The name of a field as CEL can write it: {@code __namespace__} for a reserved word, {@code
   * __dot__}, {@code __dash__}, {@code __slash__} and {@code __underscores__} for what an
   * identifier cannot have; null when it cannot be written.
   */
  static @Nullable String escape(String name) {
    if (RESERVED.contains(name)) {
      return "__" + name + "__";
    }
    if (!PLAIN.matcher(name).matches()) {
      return name.matches("[./-][a-zA-Z0-9_./-]*") ? escapeParts(name) : null;
    }
    return escapeParts(name);
  }

  private static String escapeParts(String name) {
    Matcher matcher = ESCAPED_PART.matcher(name);
    return matcher.replaceAll(part ->
        switch (part.group()) {
          case "." -> "__dot__";
          case "-" -> "__dash__";
          case "/" -> "__slash__";
          default -> "__underscores__";
        });
  }

  /** The type of a schema, null when rules cannot see it. */
  @Nullable CelType of(Schema schema) {
    return of(schema, schema.extensions().embedded());
  }

  /**
   * The type of a schema, null when rules cannot see it.
   *
   * @param resource the schema is the root of a resource, which always has a name and a kind
   */
  @Nullable CelType of(Schema schema, boolean resource) {
    Optional<CelType> type = known.get(schema);
    if (type == null) {
      type = Optional.ofNullable(find(schema, resource));
      known.put(schema, type);
    }
    return type.orElse(null);
  }

  private @Nullable CelType find(Schema schema, boolean resource) {
    if (schema.extensions().intOrString()) {
      return SimpleType.DYN;
    }
    return switch (schema.type()) {
      case "array" -> {
        Schema items = schema.items();
        CelType type = items == null ? null : of(items);
        yield type == null ? null : ListType.create(type);
      }
      case "object" -> ofObject(schema, resource);
      case "string" ->
          switch (schema.format()) {
            case "byte" -> SimpleType.BYTES;
            case "duration" -> SimpleType.DURATION;
            case "date", "date-time" -> SimpleType.TIMESTAMP;
            default -> SimpleType.STRING;
          };
      case "boolean" -> SimpleType.BOOL;
      case "number" -> SimpleType.DOUBLE;
      case "integer" -> SimpleType.INT;
      default -> null;
    };
  }

  private @Nullable CelType ofObject(Schema schema, boolean resource) {
    Schema values = schema.values();
    if (values != null) {
      CelType type = of(values);
      return type == null ? null : MapType.create(SimpleType.STRING, type);
    }
    Map<String, CelType> fields = new LinkedHashMap<>();
    for (var property : schema.properties().entrySet()) {
      String name = escape(property.getKey());
      CelType type = of(property.getValue());
      if (name != null && type != null) {
        fields.put(name, type);
      }
    }
    if (resource) {
      fields.put("apiVersion", SimpleType.STRING);
      fields.put("kind", SimpleType.STRING);
      fields.put(
          "metadata", struct(Map.of("name", SimpleType.STRING, "generateName", SimpleType.STRING)));
    }
    return struct(fields);
  }

  private StructType struct(Map<String, CelType> fields) {
    String name = "selfType" + structs.size();
    ImmutableMap<String, CelType> types = ImmutableMap.copyOf(fields);
    StructType type =
        StructType.create(name, types.keySet(), field -> Optional.ofNullable(types.get(field)));
    structs.put(name, type);
    return type;
  }

  /** All struct types seen so far, for the type checker. */
  CelTypeProvider provider() {
    return provider(structs);
  }

  /** A provider of these struct types, by name. */
  static CelTypeProvider provider(Map<String, ? extends CelType> types) {
    return new StructTypes(ImmutableMap.copyOf(types));
  }

  private record StructTypes(ImmutableMap<String, CelType> structs) implements CelTypeProvider {
    @Override
    public ImmutableCollection<CelType> types() {
      return structs.values();
    }

    @Override
    public Optional<CelType> findType(String name) {
      return Optional.ofNullable(structs.get(name));
    }
  }
}
