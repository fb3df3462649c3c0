package dev.retune.api.crd;

import dev.retune.api.GoDuration;
import dev.retune.api.KubeletRollout;
import dev.retune.api.NodeKubelet;
import dev.retune.api.RetuneApi;
import dev.retune.api.schema.Column;
import dev.retune.api.schema.Default;
import dev.retune.api.schema.Description;
import dev.retune.api.schema.Format;
import dev.retune.api.schema.IntOrString;
import dev.retune.api.schema.ListMapKey;
import dev.retune.api.schema.MaxItems;
import dev.retune.api.schema.MaxLength;
import dev.retune.api.schema.Minimum;
import dev.retune.api.schema.Required;
import dev.retune.api.schema.Resource;
import dev.retune.api.schema.Rule;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Writes the CustomResourceDefinition that the records of {@code dev.retune.api} describe. */
final class CrdGenerator {
  /** All kinds that Retune adds to a cluster. */
  static final List<Class<? extends Record>> KINDS =
      List.of(NodeKubelet.class, KubeletRollout.class);

  private CrdGenerator() {}

  /** Writes the CRDs into the directory that is the only argument: {@code deploy/crds}. */
  public static void main(String[] arguments) throws IOException {
    for (var kind : KINDS) {
      Files.writeString(Path.of(arguments[0], fileName(kind)), yaml(kind));
    }
  }

  static String fileName(Class<? extends Record> kind) {
    return RetuneApi.GROUP + "_" + resource(kind).plural() + ".yaml";
  }

  static String yaml(Class<? extends Record> kind) {
    var settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setWidth(100)
            // kubectl reads a bare True as a boolean: text that looks like one is quoted.
            .setSchema(new CoreSchema())
            .build();
    return "# Generated from the Java types of the api module; CrdTest says how to write it anew.\n"
        + new Dump(settings).dumpToString(definition(kind));
  }

  private static Map<String, Object> definition(Class<? extends Record> kind) {
    var resource = resource(kind);
    var schema = object("type", "object", "description", resource.description());
    var properties =
        object(
            "apiVersion", object("type", "string"),
            "kind", object("type", "string"),
            "metadata", object("type", "object"));
    for (RecordComponent component : kind.getRecordComponents()) {
      if (component.getName().equals("spec") || component.getName().equals("status")) {
        properties.put(
            component.getName(), property(component, component.getName().equals("spec")));
      }
    }
    @SuppressWarnings("unchecked")
    var spec = (Map<String, Object>) properties.getOrDefault("spec", object());
    if (spec.containsKey("required")) {
      schema.put("required", List.of("spec"));
    } else {
      // An object without a spec still gets the defaults of its fields.
      spec.put("default", object());
    }
    schema.put("properties", properties);

    var version =
        object(
            "name",
            RetuneApi.VERSION,
            "served",
            true,
            "storage",
            true,
            "schema",
            object("openAPIV3Schema", schema),
            "subresources",
            object("status", object()),
            "additionalPrinterColumns",
            columns(kind));
    return object(
        "apiVersion",
        "apiextensions.k8s.io/v1",
        "kind",
        "CustomResourceDefinition",
        "metadata",
        object("name", resource.plural() + "." + RetuneApi.GROUP),
        "spec",
        object(
            "group",
            RetuneApi.GROUP,
            "scope",
            "Cluster",
            "names",
            object(
                "plural", resource.plural(),
                "singular", resource.singular(),
                "kind", kind.getSimpleName(),
                "listKind", kind.getSimpleName() + "List",
                "shortNames", List.of(resource.shortNames())),
            "versions",
            List.of(version)));
  }

  private static List<Map<String, Object>> columns(Class<?> kind) {
    var columns = new ArrayList<Map<String, Object>>();
    for (Column column : kind.getAnnotationsByType(Column.class)) {
      var entry =
          object(
              "name", column.name(),
              "type", column.type(),
              "jsonPath", column.jsonPath(),
              "description", column.description());
      if (column.wide()) {
        entry.put("priority", 1);
      }
      columns.add(entry);
    }
    return columns;
  }

  private static Map<String, Object> property(RecordComponent component, boolean inSpec) {
    var schema = schema(component.getGenericType(), inSpec);
    Optional.ofNullable(component.getAnnotation(Description.class))
        .ifPresent(description -> schema.put("description", description.value()));
    Optional.ofNullable(component.getAnnotation(Format.class))
        .ifPresent(format -> schema.put("format", format.value()));
    Optional.ofNullable(component.getAnnotation(MaxLength.class))
        .ifPresent(length -> schema.put("maxLength", length.value()));
    Optional.ofNullable(component.getAnnotation(Minimum.class))
        .ifPresent(least -> schema.put("minimum", least.value()));
    Optional.ofNullable(component.getAnnotation(MaxItems.class))
        .ifPresent(most ->
            schema.put(
                "array".equals(schema.get("type")) ? "maxItems" : "maxProperties", most.value()));
    Optional.ofNullable(component.getAnnotation(Default.class))
        .ifPresent(value -> schema.put("default", defaultOf(schema, value.value())));
    if (inSpec && isRecordWithDefaults(component.getType())) {
      // Its fields get their defaults when it is left out, too.
      schema.put("default", object());
    }
    Optional.ofNullable(component.getAnnotation(ListMapKey.class))
        .ifPresent(key -> {
          schema.put("x-kubernetes-list-type", "map");
          schema.put("x-kubernetes-list-map-keys", List.of(key.value()));
        });
    return schema;
  }

  private static Object defaultOf(Map<String, Object> schema, String text) {
    boolean number =
        "integer".equals(schema.get("type")) || schema.containsKey("x-kubernetes-int-or-string");
    if (number && text.matches("\\d+")) {
      return Long.parseLong(text);
    }
    return "boolean".equals(schema.get("type")) ? (Object) Boolean.parseBoolean(text) : text;
  }

  private static boolean isRecordWithDefaults(Class<?> type) {
    return type.isRecord()
        && !type.isAnnotationPresent(IntOrString.class)
        && Arrays.stream(type.getRecordComponents()).noneMatch(CrdGenerator::isRequired)
        && Arrays.stream(type.getRecordComponents())
            .anyMatch(component ->
                component.isAnnotationPresent(Default.class)
                    || isRecordWithDefaults(component.getType()));
  }

  private static boolean isRequired(RecordComponent component) {
    return component.isAnnotationPresent(Required.class);
  }

  private static Map<String, Object> schema(Type type, boolean inSpec) {
    if (type instanceof ParameterizedType generic) {
      if (generic.getRawType() == Map.class) {
        return object(
            "type",
            "object",
            "additionalProperties",
            schema(generic.getActualTypeArguments()[1], inSpec));
      }
      var element = generic.getActualTypeArguments()[0];
      return generic.getRawType() == Optional.class
          ? schema(element, inSpec)
          : object("type", "array", "items", schema(element, inSpec));
    }
    var plain = (Class<?>) type;
    if (plain == String.class || plain == Instant.class) {
      return object("type", "string");
    }
    if (plain == long.class) {
      return object("type", "integer", "format", "int64");
    }
    if (plain == boolean.class) {
      return object("type", "boolean");
    }
    if (plain == Duration.class) {
      return object("type", "string", "pattern", GoDuration.PATTERN, "maxLength", 64);
    }
    if (plain.isEnum()) {
      var names = Arrays.stream(plain.getEnumConstants()).map(Object::toString).toList();
      return object("type", "string", "enum", names);
    }
    if (plain.isAnnotationPresent(IntOrString.class)) {
      var schema = object("x-kubernetes-int-or-string", true, "maxLength", 4);
      rules(plain, inSpec, schema);
      return schema;
    }
    if (plain.isRecord()) {
      return record(plain, inSpec);
    }
    throw new IllegalArgumentException("no schema for " + type);
  }

  private static Map<String, Object> record(Class<?> type, boolean inSpec) {
    var schema = object("type", "object");
    Optional.ofNullable(type.getAnnotation(Description.class))
        .ifPresent(description -> schema.put("description", description.value()));
    var properties = new LinkedHashMap<String, Object>();
    var required = new ArrayList<String>();
    for (RecordComponent component : type.getRecordComponents()) {
      properties.put(component.getName(), property(component, inSpec));
      if (isRequired(component)) {
        required.add(component.getName());
      }
    }
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    rules(type, inSpec, schema);
    return schema;
  }

  private static void rules(Class<?> type, boolean inSpec, Map<String, Object> schema) {
    var rules = new ArrayList<Map<String, Object>>();
    for (Rule rule : type.getAnnotationsByType(Rule.class)) {
      var entry = object("rule", rule.value(), "message", rule.message(), "reason", rule.reason());
      if (!rule.fieldPath().isEmpty()) {
        entry.put("fieldPath", rule.fieldPath());
      }
      rules.add(entry);
    }
    if (inSpec && !rules.isEmpty()) {
      schema.put("x-kubernetes-validations", rules);
    }
  }

  private static Resource resource(Class<?> kind) {
    @Nullable Resource resource = kind.getAnnotation(Resource.class);
    if (resource == null) {
      throw new IllegalArgumentException(kind + " is no @Resource");
    }
    return resource;
  }

  private static Map<String, Object> object(Object... keysAndValues) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
