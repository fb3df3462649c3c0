package dev.retune.kubelet.generate;

import dev.retune.kubelet.document.Document;
import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.document.UnreadableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes one resource per Kubernetes minor out of a directory of facts ({@code schema/1.36.json},
 * {@code defaults/1.36.json}, {@code gates/1.36.jsonl}, {@code gate-dependencies/1.36.json} and
 * {@code hazards.json}), and what came and went with which minor.
 */
final class GenerateFacts {

  private static final Map<String, String> TYPES =
      Map.of(
          "metav1.Duration", "Duration",
          "TimeOrMetaDuration", "TimeOrDuration",
          "time.Duration", "int64",
          "resource.QuantityValue", "Quantity",
          "v1.ResourceList", "map[string]Quantity",
          "metav1.Time", "Time");

  private final Map<String, String> aliases = new LinkedHashMap<>();
  private final Map<String, Node.Sequence> structs = new LinkedHashMap<>();

  private GenerateFacts(Node.Mapping schema) {
    for (Node.Entry alias : mapping(get(schema, "aliases")).entries()) {
      aliases.put(simple(alias.key()), text(alias.value()));
    }
    for (Node.Entry struct : mapping(get(schema, "structs")).entries()) {
      structs.put(simple(struct.key()), (Node.Sequence) struct.value());
    }
  }

  /** The resources by name, for all minors for which there is a schema. */
  static Map<String, String> generate(Path facts) throws IOException, UnreadableException {
    Map<String, String> resources = new LinkedHashMap<>();
    List<String> versions = new ArrayList<>();
    for (Path schema : schemas(facts)) {
      String name = String.valueOf(schema.getFileName());
      Path gates = facts.resolve("gates").resolve(name + "l");
      Path defaults = facts.resolve("defaults").resolve(name);
      String version = name.substring(0, name.length() - ".json".length());
      Path dependencies = facts.resolve("gate-dependencies").resolve(name);
      resources.put(version + ".txt", minor(schema, defaults, gates) + dependencies(dependencies));
      versions.add(version);
    }
    resources.put("versions.txt", String.join("\n", versions) + "\n");
    resources.put("history.json", history(facts));
    resources.put("hazards.json", hazards((Node.Sequence) read(facts, "hazards.json")));
    return resources;
  }

  private static List<Path> schemas(Path facts) throws IOException {
    try (Stream<Path> schemas = Files.list(facts.resolve("schema"))) {
      return schemas.sorted(Comparator.comparingInt(GenerateFacts::minorOf)).toList();
    }
  }

  private static int minorOf(Path schema) {
    String name = String.valueOf(schema.getFileName());
    return Integer.parseInt(name.substring("1.".length(), name.length() - ".json".length()));
  }

  private static String minor(Path schema, Path defaults, Path gates)
      throws IOException, UnreadableException {
    GenerateFacts generator = new GenerateFacts((Node.Mapping) read(schema));
    List<String> lines = new ArrayList<>();
    for (String name : generator.structs.keySet()) {
      if (!name.equals("TimeOrMetaDuration")) {
        lines.add("struct " + name);
        generator.fields(name, lines);
      }
    }
    lines.add("defaults");
    defaults("", mapping(read(defaults)), lines);
    lines.add("gates");
    for (String line : Files.readAllLines(gates)) {
      Node.Mapping gate = mapping(Document.read(line.getBytes(StandardCharsets.UTF_8)).root());
      String stage = text(get(gate, "stage"));
      lines.add(
          "  "
              + text(get(gate, "name"))
              + " "
              + (stage.isEmpty() ? "GA" : stage)
              + (bool(get(gate, "default")) ? " on" : " off")
              + (bool(get(gate, "locked")) ? " locked" : ""));
    }
    return String.join("\n", lines) + "\n";
  }

  /** The gates that each gate needs; nothing for a version that knows of no such thing. */
  private static String dependencies(Path file) throws IOException, UnreadableException {
    if (!Files.exists(file)) {
      return "";
    }
    StringBuilder out = new StringBuilder("dependencies\n");
    for (Node.Entry gate : mapping(read(file)).entries()) {
      String needed =
          ((Node.Sequence) gate.value())
              .elements().stream().map(GenerateFacts::text).collect(Collectors.joining(" "));
      out.append("  ").append(gate.key()).append(' ').append(needed).append('\n');
    }
    return out.toString();
  }

  /** A line for each value that is no object, or an empty one. */
  private static void defaults(String parent, Node.Mapping mapping, List<String> lines) {
    for (Node.Entry entry : mapping.entries()) {
      if (entry.value() instanceof Node.Mapping below && !below.entries().isEmpty()) {
        defaults(parent + entry.key() + "/", below, lines);
      } else {
        lines.add("  " + parent + entry.key() + " " + json(entry.value()));
      }
    }
  }

  private void fields(String struct, List<String> out) {
    Node.Sequence declared = structs.get(struct);
    if (declared == null) {
      throw new IllegalArgumentException("no struct " + struct + " in the schema");
    }
    for (Node element : declared.elements()) {
      Node.Mapping field = mapping(element);
      String name = text(get(field, "name"));
      String type = text(get(field, "type"));
      if (type.equals("metav1.TypeMeta")) {
        out.add("  kind string,omitempty");
        out.add("  apiVersion string,omitempty");
      } else if (name.isEmpty() && structs.containsKey(simple(type))) {
        fields(simple(type), out);
      } else if (!name.isEmpty() && !name.equals("-")) {
        boolean omitEmpty = has(field, "omitempty") && bool(get(field, "omitempty"));
        out.add("  " + name + " " + type(type) + (omitEmpty ? ",omitempty" : ""));
      }
    }
  }

  private String type(String go) {
    if (go.startsWith("*")) {
      return "*" + type(go.substring(1));
    }
    if (go.startsWith("[]")) {
      return "[]" + type(go.substring(2));
    }
    if (go.startsWith("map[string]")) {
      return "map[string]" + type(go.substring("map[string]".length()));
    }
    String known = TYPES.get(go);
    if (known != null) {
      return known;
    }
    String name = simple(go);
    String alias = aliases.get(name);
    return alias == null ? name : type(alias);
  }

  private static String simple(String name) {
    return TYPES.containsKey(name) ? name : name.substring(name.lastIndexOf('.') + 1);
  }

  /** First and last minor of each top-level field and gate that is not in all of them. */
  private static String history(Path facts) throws IOException, UnreadableException {
    Map<String, int[]> fields = new TreeMap<>();
    Map<String, int[]> gates = new TreeMap<>();
    int first = Integer.MAX_VALUE;
    int last = 0;
    for (Path schema : schemas(facts)) {
      String name = String.valueOf(schema.getFileName());
      int minor = minorOf(schema);
      first = Math.min(first, minor);
      last = Math.max(last, minor);
      GenerateFacts generator = new GenerateFacts((Node.Mapping) read(schema));
      Node.Sequence declared = generator.structs.get("KubeletConfiguration");
      for (Node element : Objects.requireNonNull(declared).elements()) {
        seen(fields, text(get(mapping(element), "name")), minor);
      }
      for (String line : Files.readAllLines(facts.resolve("gates").resolve(name + "l"))) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        seen(gates, text(get(mapping(Document.read(bytes).root()), "name")), minor);
      }
    }
    int from = first;
    int to = last;
    fields.values().removeIf(range -> range[0] == from && range[1] == to);
    gates.values().removeIf(range -> range[0] == from && range[1] == to);
    return "{\n\"fields\": {\n" + ranges(fields) + "},\n\"gates\": {\n" + ranges(gates) + "}\n}\n";
  }

  private static void seen(Map<String, int[]> ranges, String name, int minor) {
    int[] range = ranges.computeIfAbsent(name, n -> new int[] {minor, minor});
    range[1] = minor;
  }

  private static String ranges(Map<String, int[]> ranges) {
    List<String> lines = new ArrayList<>();
    ranges.forEach(
        (name, range) -> lines.add("  " + quoted(name) + ": [" + range[0] + ", " + range[1] + "]"));
    return String.join(",\n", lines);
  }

  private static String hazards(Node.Sequence hazards) {
    List<String> lines = new ArrayList<>();
    for (Node element : hazards.elements()) {
      Node.Mapping hazard = mapping(element);
      lines.add(
          quoted(text(get(hazard, "field")))
              + ": {\"classes\": "
              + json(get(hazard, "classes"))
              + ",\n  \"handling\": "
              + json(get(hazard, "handling"))
              + "}");
    }
    return "{\n" + String.join(",\n", lines) + "\n}\n";
  }

  private static Node read(Path directory, String name) throws IOException, UnreadableException {
    return read(directory.resolve(name));
  }

  private static Node read(Path file) throws IOException, UnreadableException {
    return Document.read(Files.readAllBytes(file)).root();
  }

  private static Node.Mapping mapping(Node node) {
    return (Node.Mapping) node;
  }

  private static boolean has(Node.Mapping mapping, String key) {
    return mapping.entries().stream().anyMatch(e -> e.key().equals(key));
  }

  private static Node get(Node.Mapping mapping, String key) {
    return mapping.entries().stream()
        .filter(e -> e.key().equals(key))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no " + key + " in the facts"))
        .value();
  }

  private static String text(Node node) {
    return ((Node.Text) node).value();
  }

  private static boolean bool(Node node) {
    return ((Node.Bool) node).value();
  }

  private static String json(Node node) {
    return switch (node) {
      case Node.Null n -> "null";
      case Node.Bool b -> Boolean.toString(b.value());
      case Node.Numeral n -> n.text();
      case Node.Text t -> quoted(t.value());
      case Node.Sequence s ->
          s.elements().stream()
              .map(GenerateFacts::json)
              .collect(Collectors.joining(", ", "[", "]"));
      case Node.Mapping m ->
          m.entries().stream()
              .map(e -> quoted(e.key()) + ": " + json(e.value()))
              .collect(Collectors.joining(", ", "{", "}"));
    };
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
