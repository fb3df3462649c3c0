package dev.retune.sandbox.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.patch.Trees.Difference;
import java.time.Instant;
import java.util.Optional;

/**
 * Server-side apply and the bookkeeping for all other writes ({@code
 * sigs.k8s.io/structured-merge-diff/v6/merge} and {@code
 * k8s.io/apimachinery/pkg/util/managedfields}).
 */
final class ServerSideApply {
  private static final String BEFORE_FIRST_APPLY = "before-first-apply";
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private final Shape shape;
  private final Instant now;

  private ServerSideApply(Shape shape, Instant now) {
    this.shape = shape;
    this.now = now;
  }

  static ObjectNode apply(
      Optional<ObjectNode> live,
      ObjectNode applied,
      Writer writer,
      boolean force,
      Shape shape,
      Instant now) {
    check(applied);
    return new ServerSideApply(shape, now).apply(live, applied, writer, force);
  }

  static ObjectNode trackUpdate(
      Optional<ObjectNode> live, ObjectNode updated, Writer writer, Shape shape, Instant now) {
    return new ServerSideApply(shape, now).trackUpdate(live, updated, writer);
  }

  private static void check(ObjectNode applied) {
    for (String member : new String[] {"apiVersion", "kind"}) {
      if (applied.path(member).asText().isEmpty()) {
        throw PatchRejected.malformed("the applied configuration has no " + member);
      }
    }
    if (!applied.path("metadata").path("managedFields").isEmpty()) {
      throw PatchRejected.malformed("metadata.managedFields must be nil");
    }
  }

  private ObjectNode apply(
      Optional<ObjectNode> live, ObjectNode applied, Writer writer, boolean force) {
    ObjectNode before = withoutManagedFields(live.orElseGet(applied::objectNode));
    ObjectNode config = withoutManagedFields(applied);
    Ownership stored = live.<Ownership>map(Ownership::of).orElseGet(Ownership::none);
    Ownership owners = stored.copy();
    String apiVersion = applied.path("apiVersion").asText();
    if (owners.isEmpty() && live.isPresent()) {
      Owner first = new Owner(BEFORE_FIRST_APPLY, "", false, apiVersion, "", FieldSet.NONE);
      owners.put(first.owning(Ownership.ownable(Trees.fields(shape, before), "", shape)));
    }
    Owner us = new Owner(writer.name(), writer.subresource(), true, apiVersion, "", FieldSet.NONE);
    Optional<Owner> last = owners.find(us);
    FieldSet owned =
        Ownership.ownable(Trees.fieldsOfConfig(shape, config), writer.subresource(), shape);
    owners.put(last.orElse(us).owning(owned));
    JsonNode merged = Trees.merge(shape, before, config);
    ObjectNode result = prune(merged, last.map(Owner::fields).orElse(FieldSet.NONE), owners.all());
    Difference ownable = ownable(Trees.compare(shape, before, result), writer.subresource());
    if (!force) {
      owners.refuseConflicts(us, ownable, lastAppliedBy(writer, before));
    }
    owners.takeFromOthers(us, ownable);
    owners.writeTo(result, stored, now);
    return result;
  }

  private Difference ownable(Difference change, String subresource) {
    return new Difference(
        Ownership.ownable(change.added(), subresource, shape),
        Ownership.ownable(change.modified(), subresource, shape),
        Ownership.ownable(change.removed(), subresource, shape));
  }

  /**
   * Removes what the manager applied last time and nobody owns now, then what that leaves empty,
   * but nothing the manager did not apply last time.
   */
  private ObjectNode prune(JsonNode merged, FieldSet last, FieldSet owned) {
    if (last.isEmpty()) {
      return asObject(merged);
    }
    FieldSet lastNamed = last.withNamedFields();
    JsonNode pruned = remove(merged, lastNamed);
    FieldSet mergedFields = Trees.fields(shape, merged).withNamedFields();
    FieldSet kept = Trees.fields(shape, pruned).withNamedFields().union(owned.withNamedFields());
    pruned = remove(merged, mergedFields.minus(kept));
    FieldSet left = Trees.fields(shape, pruned).withNamedFields();
    return asObject(remove(merged, mergedFields.minus(left).intersect(lastNamed)));
  }

  private JsonNode remove(JsonNode document, FieldSet fields) {
    return Trees.remove(shape, document, fields).orElseGet(() -> asObject(document).objectNode());
  }

  /**
   * Fields in kubectl's annotation of an earlier client-side apply: kubectl moves to server-side
   * apply without a conflict with itself.
   */
  private FieldSet lastAppliedBy(Writer writer, ObjectNode before) {
    String text = before.path("metadata").path("annotations").path(LAST_APPLIED).asText();
    if (!writer.name().equals("kubectl") || text.isEmpty()) {
      return FieldSet.NONE;
    }
    return Trees.fields(shape, Elements.parse(text))
        .union(
            FieldSet.root(
                Elements.parse(
                    "{\"f:metadata\":{\"f:annotations\":{\"f:" + LAST_APPLIED + "\":{}}}}")));
  }

  private ObjectNode trackUpdate(Optional<ObjectNode> live, ObjectNode updated, Writer writer) {
    ObjectNode before = withoutManagedFields(live.orElseGet(updated::objectNode));
    ObjectNode after = withoutManagedFields(updated);
    Ownership stored = live.<Ownership>map(Ownership::of).orElseGet(Ownership::none);
    Ownership owners = claimed(updated, writer).orElse(stored).copy();
    String part = writer.subresource();
    Difference ownable = ownable(Trees.compare(shape, before, after), part);
    Owner us =
        new Owner(
            writer.name(), part, false, updated.path("apiVersion").asText(), "", FieldSet.NONE);
    owners.takeFromOthers(us, ownable);
    Owner known = owners.find(us).orElse(us);
    FieldSet owned =
        known.fields().minus(ownable.removed()).union(ownable.modified()).union(ownable.added());
    owners.put(known.owning(owned));
    owners.writeTo(after, stored, now);
    return after;
  }

  /** An update may write the entries itself; one empty entry clears them. */
  private static Optional<Ownership> claimed(ObjectNode updated, Writer writer) {
    JsonNode entries = updated.path("metadata").path("managedFields");
    if (!writer.subresource().isEmpty() || entries.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(Ownership.of(updated));
  }

  private static ObjectNode withoutManagedFields(ObjectNode object) {
    ObjectNode copy = object.deepCopy();
    if (copy.get("metadata") instanceof ObjectNode metadata) {
      metadata.remove("managedFields");
    }
    return copy;
  }

  private static ObjectNode asObject(JsonNode document) {
    return (ObjectNode) document;
  }
}
