package dev.retune.kubelet.facts;

import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.document.Document;
import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.document.UnreadableException;
import dev.retune.kubelet.value.Decoder;
import dev.retune.kubelet.value.FieldType;
import dev.retune.kubelet.value.FieldType.Field;
import dev.retune.kubelet.value.FieldType.ListOf;
import dev.retune.kubelet.value.FieldType.MapOf;
import dev.retune.kubelet.value.FieldType.Scalar;
import dev.retune.kubelet.value.FieldType.Struct;
import dev.retune.kubelet.value.Problems;
import dev.retune.kubelet.value.StructValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Fields, defaults and feature gates of one Kubernetes minor. */
public final class Facts {

  private static final Map<KubeletVersion, Facts> LOADED = new ConcurrentHashMap<>();

  private final KubeletVersion version;
  private final Struct root;
  private final StructValue defaults;
  private final Map<String, Gate> gates;
  private final Map<String, List<String>> dependencies;

  private Facts(KubeletVersion version) {
    this.version = version;
    FactsFile facts = FactsFile.read(version + ".txt");
    this.root = new Types(facts).struct("KubeletConfiguration");
    this.defaults = defaults(facts.tree("defaults"));
    this.gates = new HashMap<>();
    for (FactsFile.Line line : facts.section("gates")) {
      gates.put(line.name(), Gate.parse(line.text()));
    }
    this.dependencies = new TreeMap<>();
    for (FactsFile.Line line : facts.sectionOrNone("dependencies")) {
      dependencies.put(line.name(), List.of(line.text().split(" ", -1)));
    }
  }

  /**
   * The facts of a version, read on first use.
   *
   * @throws IllegalArgumentException when there are none on board
   */
  public static Facts of(KubeletVersion version) {
    if (version.compareTo(KubeletVersion.oldest()) < 0
        || version.compareTo(KubeletVersion.newest()) > 0) {
      throw new IllegalArgumentException("there are no facts about kubelet " + version);
    }
    return LOADED.computeIfAbsent(version, Facts::new);
  }

  public KubeletVersion version() {
    return version;
  }

  /** The type of the whole configuration. */
  public Struct root() {
    return root;
  }

  /** What a document that sets nothing becomes. Shared: not to be changed. */
  public StructValue defaults() {
    return defaults;
  }

  /** All feature gates by name. */
  public Map<String, Gate> gates() {
    return gates;
  }

  /**
   * Per gate the gates that must be on when it is. Kubernetes declares and checks them since 1.35
   * ({@code defaultKubernetesFeatureGateDependencies}); before that any combination passes.
   */
  public Map<String, List<String>> dependencies() {
    return dependencies;
  }

  private StructValue defaults(Node.Mapping mapping) {
    Problems problems = new Problems();
    StructValue value =
        new Decoder(problems, problems, problems, version.toString(), name -> "")
            .root(mapping, root);
    if (!problems.isEmpty()) {
      throw new IllegalStateException("the defaults of " + version + ": " + problems.toList());
    }
    return value;
  }

  /** Reads a resource of this package. */
  static Node.Mapping resource(String name) {
    try (InputStream in = open(name)) {
      return (Node.Mapping) Document.read(in.readAllBytes()).root();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (UnreadableException e) {
      throw new IllegalStateException("the resource " + name + " is damaged", e);
    }
  }

  static InputStream open(String name) {
    InputStream in = Facts.class.getResourceAsStream(name);
    if (in == null) {
      throw new IllegalStateException("the resource " + name + " is missing");
    }
    return in;
  }

  static Node.Mapping mapping(Node.Mapping parent, String key) {
    for (Node.Entry entry : parent.entries()) {
      if (entry.key().equals(key) && entry.value() instanceof Node.Mapping mapping) {
        return mapping;
      }
    }
    throw new IllegalStateException("no \"" + key + "\" in the facts");
  }

  static String text(Node node) {
    return node instanceof Node.Text text ? text.value() : "";
  }

  static int number(Node node) {
    return node instanceof Node.Numeral number ? Integer.parseInt(number.text()) : 0;
  }

  /** Builds the types out of their spelling in the resource, each struct once. */
  private static final class Types {
    private final FactsFile declared;
    private final Map<String, Struct> built = new HashMap<>();

    Types(FactsFile declared) {
      this.declared = declared;
    }

    Struct struct(String name) {
      Struct known = built.get(name);
      if (known != null) {
        return known;
      }
      List<Field> fields = new ArrayList<>();
      for (FactsFile.Line line : declared.section("struct " + name)) {
        String type = line.text();
        boolean omitEmpty = type.endsWith(",omitempty");
        String bare = omitEmpty ? type.substring(0, type.length() - ",omitempty".length()) : type;
        boolean pointer = bare.startsWith("*");
        FieldType parsed = type(pointer ? bare.substring(1) : bare);
        fields.add(new Field(line.name(), parsed, pointer, omitEmpty, 0));
      }
      Struct struct = FieldType.struct(name, fields);
      built.put(name, struct);
      return struct;
    }

    private FieldType type(String name) {
      if (name.startsWith("[]")) {
        return new ListOf(type(name.substring(2)));
      }
      if (name.startsWith("map[string]")) {
        return new MapOf(type(name.substring("map[string]".length())));
      }
      return switch (name) {
        case "bool" -> Scalar.BOOL;
        case "string" -> Scalar.STRING;
        case "int32" -> Scalar.INT32;
        case "int64" -> Scalar.INT64;
        case "uint32" -> Scalar.UINT32;
        case "float64" -> Scalar.FLOAT64;
        case "Duration" -> Scalar.DURATION;
        case "TimeOrDuration" -> Scalar.EITHER_DURATION;
        case "Quantity" -> Scalar.QUANTITY;
        case "Time" -> Scalar.TIME;
        default -> struct(name);
      };
    }
  }
}
