package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * One version of a custom kind, compiled.
 *
 * @param statusSubresource {@code /status} is on
 */
record Version(
    String name,
    Schema schema,
    Optional<Rules> rules,
    PrinterColumns columns,
    boolean statusSubresource) {

  /** Checks and compiles; empty when there is no schema to compile, which is complained of. */
  static Optional<Version> compile(String path, JsonNode version, Complaints complaints) {
    PrinterColumns columns = PrinterColumns.compile(path, version, complaints);
    if (!(version.path("schema").path("openAPIV3Schema") instanceof ObjectNode written)) {
      return Optional.empty();
    }
    boolean status = version.path("subresources").path("status").isObject();
    Complaints ours = new Complaints();
    Schema schema =
        new SchemaReader(ours).read(Paths.child(path, "schema.openAPIV3Schema"), written);
    StructuralChecks.check(schema, ours);
    SchemaChecks.check(schema, status, ours);
    Optional<Rules> rules = ours.isEmpty() ? Rules.compile(schema, true, ours) : Optional.empty();
    if (ours.isEmpty()) {
      DefaultChecks.check(schema, rules, ours);
    }
    complaints.addAll(ours.all());
    return Optional.of(new Version(version.path("name").asText(), schema, rules, columns, status));
  }
}
