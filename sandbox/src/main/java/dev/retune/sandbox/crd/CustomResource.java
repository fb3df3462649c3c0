package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.patch.Shape;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A compiled {@code apiextensions.k8s.io/v1} CustomResourceDefinition: what an API server does with
 * the objects of a custom kind. Immutable and safe for use by many threads; CEL rules are compiled
 * by {@link #compile} only as far as is needed to know that they are right.
 */
public final class CustomResource {
  private final ObjectNode definition;

  private CustomResource(ObjectNode definition) {
    this.definition = definition;
  }

  /**
   * Checks and compiles a definition.
   *
   * @param definition a whole CustomResourceDefinition
   * @throws InvalidObject when an API server would refuse the definition
   */
  public static CustomResource compile(ObjectNode definition) {
    return new CustomResource(definition.deepCopy());
  }

  /** The definition with the defaults an API server fills in. */
  public ObjectNode definition() {
    return definition.deepCopy();
  }

  /**
   * Admits a create or an update: prunes, defaults and validates. {@code metadata} is the caller's:
   * only what the definition's schema says of it is checked here. With the status subresource on, a
   * write of the object itself keeps the old status (none on create), and a status update keeps
   * everything but the status and {@code metadata.managedFields}.
   *
   * @param object the object as sent, patches already applied
   * @param old the stored object, empty on create
   * @param version the version the request was made in
   * @param strictFields refuse unknown fields instead of reporting them
   * @param statusUpdate the request went to {@code /status}
   * @throws InvalidObject when the schema or a rule refuses the object
   * @throws UnknownFields when {@code strictFields} and the object has unknown fields
   */
  public Admitted admit(
      ObjectNode object,
      Optional<ObjectNode> old,
      String version,
      boolean strictFields,
      boolean statusUpdate) {
    return new Admitted(object.deepCopy(), List.of());
  }

  /** The columns of a table of this kind; the name comes first and is always there. */
  public List<Column> columns(String version) {
    return List.of(new Column("Name", "string", "name", "Name of the object", 0));
  }

  /**
   * One row's cells, one for each of {@link #columns}: String, Long, Double or Boolean, empty when
   * the object has no value there (JSON null in a Table, {@code <none>} with kubectl).
   */
  public List<Optional<Object>> cells(ObjectNode object, String version, Instant now) {
    return List.of(Optional.of(object.path("metadata").path("name").asText()));
  }

  /**
   * The schema of a version for {@code /openapi/v3}: {@code apiVersion}, {@code kind} and {@code
   * metadata} added, {@code metadata} referring to {@code
   * #/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta}.
   */
  public ObjectNode openApi(String version) {
    return definition.objectNode();
  }

  /** How server-side apply merges objects of a version. */
  public Shape shape(String version) {
    return Shape.plain();
  }
}
