package dev.retune.sandbox.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;

/**
 * An entry of {@code metadata.managedFields}.
 *
 * @param applies the owner applies; else it updates
 * @param time when the entry last changed, RFC 3339; empty when not known
 */
record Owner(
    String manager,
    String subresource,
    boolean applies,
    String apiVersion,
    String time,
    FieldSet fields) {
  /** The order in which API servers keep the entries. */
  static final Comparator<Owner> ORDER =
      Comparator.comparing(Owner::operation)
          .thenComparing(Owner::time)
          .thenComparing(Owner::manager)
          .thenComparing(Owner::apiVersion)
          .thenComparing(Owner::subresource);

  static Owner read(JsonNode entry) {
    return new Owner(
        entry.path("manager").asText(),
        entry.path("subresource").asText(),
        entry.path("operation").asText().equals("Apply"),
        entry.path("apiVersion").asText(),
        entry.path("time").asText(),
        FieldSet.root(entry.path("fieldsV1")));
  }

  ObjectNode write() {
    ObjectNode entry = JsonNodeFactory.instance.objectNode();
    entry.put("manager", manager).put("operation", operation()).put("apiVersion", apiVersion);
    if (!time.isEmpty()) {
      entry.put("time", time);
    }
    entry.put("fieldsType", "FieldsV1").set("fieldsV1", fields.toJson());
    if (!subresource.isEmpty()) {
      entry.put("subresource", subresource);
    }
    return entry;
  }

  private String operation() {
    return applies ? "Apply" : "Update";
  }

  /** Whether this is the same owner: who applies is one in all versions of a kind. */
  boolean is(Owner other) {
    return manager.equals(other.manager)
        && subresource.equals(other.subresource)
        && applies == other.applies
        && (applies || apiVersion.equals(other.apiVersion));
  }

  Owner owning(FieldSet set) {
    return new Owner(manager, subresource, applies, apiVersion, time, set);
  }

  Owner at(String changed) {
    return new Owner(manager, subresource, applies, apiVersion, changed, fields);
  }

  /** As conflicts name the owner: {@code "kubectl" using v1}. */
  String shown() {
    String name = '"' + manager + '"';
    String part = subresource.isEmpty() ? name : name + " with subresource \"" + subresource + '"';
    return applies ? part : part + " using " + apiVersion;
  }
}
