package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.patch.Shape;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A compiled {@code apiextensions.k8s.io/v1} CustomResourceDefinition: what an API server does with
 * the objects of a custom kind. Immutable and safe for use by many threads.
 */
public final class CustomResource {
  private final ObjectNode definition;
  private final Map<String, Version> versions;

  private CustomResource(ObjectNode definition, Map<String, Version> versions) {
    this.definition = definition;
    this.versions = versions;
  }

  /**
   * Checks and compiles a definition.
   *
   * @param definition a whole CustomResourceDefinition
   * @throws InvalidObject when an API server would refuse the definition
   */
  public static CustomResource compile(ObjectNode definition) {
    return compile(definition, Optional.empty());
  }

  /**
   * Checks and compiles a changed definition.
   *
   * @param old the stored definition, whose scope and kind are fixed once it is established
   * @throws InvalidObject when an API server would refuse the definition or the change
   */
  public static CustomResource compile(ObjectNode definition, Optional<ObjectNode> old) {
    ObjectNode completed = withDefaults(definition);
    Complaints complaints = new Complaints();
    DefinitionChecks.check(completed, complaints);
    old.ifPresent(stored -> DefinitionChecks.checkChange(completed, stored, complaints));
    Map<String, Version> versions = new LinkedHashMap<>();
    JsonNode written = completed.path("spec").path("versions");
    for (int i = 0; i < written.size(); i++) {
      Version.compile(Paths.index("spec.versions", i), written.get(i), complaints)
          .ifPresent(version -> versions.put(version.name(), version));
    }
    if (!complaints.isEmpty()) {
      throw new InvalidObject(complaints.all());
    }
    return new CustomResource(completed, versions);
  }

  private static ObjectNode withDefaults(ObjectNode definition) {
    ObjectNode completed = definition.deepCopy();
    DefinitionFields.prune(completed);
    if (completed.get("spec") instanceof ObjectNode spec) {
      if (spec.get("names") instanceof ObjectNode names) {
        String kind = names.path("kind").asText();
        if (names.path("singular").asText().isEmpty() && !kind.isEmpty()) {
          names.put("singular", kind.toLowerCase(Locale.ROOT));
        }
        if (names.path("listKind").asText().isEmpty() && !kind.isEmpty()) {
          names.put("listKind", kind + "List");
        }
      }
      if (!spec.hasNonNull("conversion")) {
        spec.putObject("conversion").put("strategy", "None");
      }
    }
    return completed;
  }

  /**
   * The fields of a definition that CustomResourceDefinitions do not have, such as a misspelled
   * keyword of a schema. {@link #compile} drops them.
   */
  public static List<String> unknownFields(ObjectNode definition) {
    return DefinitionFields.prune(definition.deepCopy());
  }

  /** The definition with the defaults an API server fills in, without unknown fields. */
  public ObjectNode definition() {
    return definition.deepCopy();
  }

  /**
   * Admits a create or an update: prunes, defaults and validates. Of {@code metadata} only what the
   * definition's schema says is checked here. With the status subresource on, a write of the object
   * itself keeps the old status (none on create), and a status update keeps everything but the
   * status and {@code metadata.managedFields}.
   *
   * @param object the object as sent, patches already applied
   * @param old the stored object, empty on create
   * @param version the version the request was made in
   * @param strictFields refuse unknown fields instead of reporting them
   * @param statusUpdate the request went to {@code /status}
   * @throws InvalidObject when the schema or a rule refuses the object
   * @throws UnknownFields when {@code strictFields} and the object has unknown fields
   * @throws IllegalArgumentException when the definition has no such version
   */
  public Admitted admit(
      ObjectNode object,
      Optional<ObjectNode> old,
      String version,
      boolean strictFields,
      boolean statusUpdate) {
    Version compiled = version(version);
    ObjectNode admitted = object.deepCopy();
    List<String> unknown = Pruning.prune(compiled.schema(), admitted, true);
    if (strictFields && !unknown.isEmpty()) {
      throw new UnknownFields(unknown);
    }
    Defaulting.apply(compiled.schema(), admitted);
    if (compiled.statusSubresource()) {
      admitted = keepOtherPart(admitted, old, statusUpdate);
    }
    List<FieldError> errors =
        new Admission(compiled, kind(), apiVersion(version)).validate(admitted, old, statusUpdate);
    if (!errors.isEmpty()) {
      throw new InvalidObject(errors);
    }
    return new Admitted(admitted, unknown);
  }

  private static ObjectNode keepOtherPart(
      ObjectNode object, Optional<ObjectNode> old, boolean statusUpdate) {
    if (statusUpdate && old.isPresent()) {
      ObjectNode kept = old.get().deepCopy();
      copy("status", object, kept);
      if (kept.get("metadata") instanceof ObjectNode metadata) {
        JsonNode managed = object.path("metadata").path("managedFields");
        if (managed.isMissingNode()) {
          metadata.remove("managedFields");
        } else {
          metadata.set("managedFields", managed);
        }
      }
      return kept;
    }
    object.remove("status");
    old.ifPresent(stored -> copy("status", stored, object));
    return object;
  }

  private static void copy(String field, ObjectNode from, ObjectNode to) {
    if (from.has(field)) {
      to.set(field, from.get(field).deepCopy());
    } else {
      to.remove(field);
    }
  }

  /**
   * Prunes and fills in defaults without validating, as an API server does with what it reads from
   * storage or converts from another version.
   *
   * @throws IllegalArgumentException when the definition has no such version
   */
  public ObjectNode complete(ObjectNode stored, String version) {
    Schema schema = version(version).schema();
    ObjectNode completed = stored.deepCopy();
    Pruning.prune(schema, completed, true);
    Defaulting.apply(schema, completed);
    return completed;
  }

  /** The columns of a table of this kind; the name comes first and is always there. */
  public List<Column> columns(String version) {
    return version(version).columns().columns();
  }

  /**
   * One row's cells, one for each of {@link #columns}: String, Long, Double or Boolean, empty when
   * the object has no value there (JSON null in a Table, {@code <none>} with kubectl).
   */
  public List<Optional<Object>> cells(ObjectNode object, String version, Instant now) {
    return version(version).columns().cells(object, now);
  }

  /**
   * The schema of a version for {@code /openapi/v3}: {@code apiVersion}, {@code kind} and {@code
   * metadata} added, {@code metadata} referring to {@code
   * #/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta}.
   */
  public ObjectNode openApi(String version) {
    return OpenApi.publish(version(version).schema().source(), group(), version, kind());
  }

  /** How server-side apply merges objects of a version. */
  public Shape shape(String version) {
    Version compiled = version(version);
    return new SchemaShape(compiled.schema(), true, compiled.statusSubresource());
  }

  /** The versions with a schema, in the definition's order. */
  public List<String> versions() {
    return new ArrayList<>(versions.keySet());
  }

  private Version version(String name) {
    Version version = versions.get(name);
    if (version == null) {
      throw new IllegalArgumentException(
          "%s has no version \"%s\", only %s".formatted(kind(), name, versions.keySet()));
    }
    return version;
  }

  private String group() {
    return definition.path("spec").path("group").asText();
  }

  private String kind() {
    return definition.path("spec").path("names").path("kind").asText();
  }

  private String apiVersion(String version) {
    return group() + "/" + version;
  }
}
