package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Checks a CustomResourceDefinition but for its schemas ({@code
 * apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go}).
 */
final class DefinitionChecks {
  private static final List<String> COLUMN_TYPES =
      List.of("boolean", "date", "integer", "number", "string");
  private static final List<String> COLUMN_FORMATS =
      List.of("byte", "date", "date-time", "double", "float", "int32", "int64", "password");

  private final Complaints complaints;

  private DefinitionChecks(Complaints complaints) {
    this.complaints = complaints;
  }

  static void check(ObjectNode definition, Complaints complaints) {
    DefinitionChecks checks = new DefinitionChecks(complaints);
    JsonNode spec = definition.path("spec");
    checks.checkName(definition);
    checks.checkGroup(spec.path("group").asText());
    checks.checkScope(spec.path("scope").asText());
    checks.checkVersions(spec.path("versions"));
    checks.checkNames(spec.path("names"));
    checks.checkConversion(spec.path("conversion"));
    if (spec.path("preserveUnknownFields").asBoolean()) {
      complaints.invalid(
          "spec.preserveUnknownFields",
          spec.path("preserveUnknownFields"),
          "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in"
              + " spec.versions[*].schema instead");
    }
  }

  /** Checks what a change of a definition may not change. */
  static void checkChange(ObjectNode definition, ObjectNode old, Complaints complaints) {
    boolean established = false;
    for (JsonNode condition : old.path("status").path("conditions")) {
      established |=
          condition.path("type").asText().equals("Established")
              && condition.path("status").asText().equals("True");
    }
    if (established) {
      mustStay("/spec/scope", definition, old, complaints);
      mustStay("/spec/names/kind", definition, old, complaints);
    }
    mustStay("/spec/group", definition, old, complaints);
    mustStay("/spec/names/plural", definition, old, complaints);
    Set<String> versions = new HashSet<>();
    definition
        .path("spec")
        .path("versions")
        .forEach(version -> versions.add(version.path("name").asText()));
    JsonNode stored = old.path("status").path("storedVersions");
    for (int i = 0; i < stored.size(); i++) {
      String name = stored.get(i).asText();
      if (!versions.contains(name)) {
        complaints.invalid(
            Paths.index("status.storedVersions", i),
            name,
            "missing from spec.versions; %1$s was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in %1$s and removes %1$s from status.storedVersions"
                .formatted(name));
      }
    }
  }

  private static void mustStay(
      String pointer, ObjectNode definition, ObjectNode old, Complaints complaints) {
    JsonNode value = definition.at(pointer);
    if (!value.equals(old.at(pointer))) {
      complaints.invalid(pointer.substring(1).replace('/', '.'), value, "field is immutable");
    }
  }

  private void checkName(ObjectNode definition) {
    String name = definition.path("metadata").path("name").asText();
    JsonNode spec = definition.path("spec");
    String expected =
        spec.path("names").path("plural").asText() + "." + spec.path("group").asText();
    if (name.isEmpty()) {
      complaints.required("metadata.name", "name or generateName is required");
    } else if (!name.equals(expected)) {
      complaints.invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group");
    }
  }

  private void checkGroup(String group) {
    List<String> problems = Names.dnsSubdomainProblems(group);
    if (group.isEmpty()) {
      complaints.required("spec.group", "");
    } else if (!problems.isEmpty()) {
      complaints.invalid("spec.group", group, String.join(",", problems));
    } else if (!group.contains(".")) {
      complaints.invalid("spec.group", group, "should be a domain with at least one dot");
    }
  }

  private void checkScope(String scope) {
    List<String> scopes = List.of("Cluster", "Namespaced");
    if (scope.isEmpty()) {
      complaints.required("spec.scope", "");
    } else if (!scopes.contains(scope)) {
      complaints.notSupported("spec.scope", scope, scopes);
    }
  }

  private void checkVersions(JsonNode versions) {
    Set<String> names = new HashSet<>();
    int storage = 0;
    boolean unique = true;
    for (int i = 0; i < versions.size(); i++) {
      JsonNode version = versions.get(i);
      String path = Paths.index("spec.versions", i);
      String name = version.path("name").asText();
      unique &= names.add(name);
      storage += version.path("storage").asBoolean() ? 1 : 0;
      dns1035(Paths.child(path, "name"), name);
      if (!version.path("schema").path("openAPIV3Schema").isObject()) {
        complaints.required(Paths.child(path, "schema.openAPIV3Schema"), "");
      }
      checkDeprecation(Paths.child(path, "deprecationWarning"), version);
      checkColumns(path, version.path("additionalPrinterColumns"));
      checkScale(Paths.child(path, "subresources.scale"), version.path("subresources"));
    }
    if (!unique) {
      complaints.invalid("spec.versions", versions, "must contain unique version names");
    }
    if (storage != 1) {
      complaints.invalid(
          "spec.versions", versions, "must have exactly one version marked as storage version");
    }
  }

  private void checkDeprecation(String path, JsonNode version) {
    JsonNode warning = version.path("deprecationWarning");
    if (!warning.isTextual()) {
      return;
    }
    if (!version.path("deprecated").asBoolean()) {
      complaints.invalid(path, warning, "can only be set for deprecated versions");
    } else if (warning.asText().isEmpty()) {
      complaints.invalid(path, warning, "must not be an empty string");
    } else if (warning.asText().length() > 256) {
      complaints.invalid(path, warning, "must be <= 256 characters long");
    }
  }

  private void checkColumns(String versionPath, JsonNode columns) {
    for (int i = 0; i < columns.size(); i++) {
      JsonNode column = columns.get(i);
      String path = Paths.index(Paths.child(versionPath, "additionalPrinterColumns"), i);
      if (column.path("name").asText().isEmpty()) {
        complaints.required(Paths.child(path, "name"), "");
      }
      String type = column.path("type").asText();
      String types = "must be one of " + String.join(",", COLUMN_TYPES);
      if (type.isEmpty()) {
        complaints.required(Paths.child(path, "type"), types);
      } else if (!COLUMN_TYPES.contains(type)) {
        complaints.invalid(Paths.child(path, "type"), type, types);
      }
      String format = column.path("format").asText();
      if (!format.isEmpty() && !COLUMN_FORMATS.contains(format)) {
        complaints.invalid(
            Paths.child(path, "format"),
            format,
            "must be one of " + String.join(",", COLUMN_FORMATS));
      }
      String jsonPath = column.path("jsonPath").asText();
      String at = Paths.child(path, "JSONPath");
      if (jsonPath.isEmpty()) {
        complaints.required(at, "");
      } else {
        simplePath(at, jsonPath);
      }
    }
  }

  private boolean simplePath(String at, String jsonPath) {
    if (!jsonPath.startsWith(".")) {
      complaints.invalid(at, jsonPath, "must be a simple json path starting with .");
      return false;
    }
    return true;
  }

  private void checkScale(String path, JsonNode subresources) {
    JsonNode scale = subresources.path("scale");
    if (!scale.isObject()) {
      return;
    }
    for (String name : List.of("specReplicasPath", "statusReplicasPath")) {
      String value = scale.path(name).asText();
      String at = Paths.child(path, name);
      String root = name.startsWith("spec") ? ".spec" : ".status";
      if (value.isEmpty()) {
        complaints.required(at, "");
      } else if (simplePath(at, value) && !value.startsWith(root + ".")) {
        complaints.invalid(at, value, "should be a json path under " + root);
      }
    }
  }

  private void checkNames(JsonNode names) {
    for (String name : List.of("plural", "singular", "kind", "listKind")) {
      String value = names.path(name).asText();
      String path = Paths.child("spec.names", name);
      if (value.isEmpty()) {
        complaints.required(path, "");
      } else if (name.endsWith("ind")) {
        List<String> problems = Names.dns1035LabelProblems(value.toLowerCase(Locale.ROOT));
        if (!problems.isEmpty()) {
          complaints.invalid(
              path,
              value,
              "may have mixed case, but should otherwise match: " + String.join(",", problems));
        }
      } else {
        dns1035(path, value);
      }
    }
    for (String list : List.of("shortNames", "categories")) {
      JsonNode values = names.path(list);
      for (int i = 0; i < values.size(); i++) {
        dns1035(Paths.index(Paths.child("spec.names", list), i), values.get(i).asText());
      }
    }
    String kind = names.path("kind").asText();
    if (!kind.isEmpty() && kind.equals(names.path("listKind").asText())) {
      complaints.invalid("spec.names.listKind", kind, "kind and listKind may not be the same");
    }
  }

  private void checkConversion(JsonNode conversion) {
    List<String> strategies = List.of("None", "Webhook");
    String strategy = conversion.path("strategy").asText();
    if (conversion.isObject() && !strategies.contains(strategy)) {
      complaints.notSupported("spec.conversion.strategy", strategy, strategies);
    }
  }

  private void dns1035(String path, String value) {
    List<String> problems = Names.dns1035LabelProblems(value);
    if (!problems.isEmpty()) {
      complaints.invalid(path, value, String.join(",", problems));
    }
  }
}
