package dev.retune.sandbox.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.patch.ApplyConflict.Cause;
import dev.retune.sandbox.patch.Trees.Difference;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The owners of an object's fields, in {@code metadata.managedFields}. */
final class Ownership {
  private static final String METADATA = Elements.field("metadata");
  private static final String STATUS = Elements.field("status");

  /** What an API server writes itself or what names the object: nobody owns it. */
  private static final List<String> UNOWNED_METADATA =
      List.of(
          "name",
          "namespace",
          "creationTimestamp",
          "selfLink",
          "uid",
          "generation",
          "managedFields",
          "resourceVersion");

  private final List<Owner> owners;

  private Ownership(List<Owner> owners) {
    this.owners = owners;
  }

  static Ownership none() {
    return new Ownership(new ArrayList<>());
  }

  static Ownership of(JsonNode object) {
    List<Owner> owners = new ArrayList<>();
    for (JsonNode entry : object.path("metadata").path("managedFields")) {
      owners.add(Owner.read(entry));
    }
    owners.removeIf(owner -> owner.fields().isEmpty());
    return new Ownership(owners);
  }

  boolean isEmpty() {
    return owners.isEmpty();
  }

  Ownership copy() {
    return new Ownership(new ArrayList<>(owners));
  }

  Optional<Owner> find(Owner like) {
    return owners.stream().filter(like::is).findFirst();
  }

  /** Sets what an owner has; one that has nothing is no owner. */
  void put(Owner owner) {
    owners.removeIf(owner::is);
    if (!owner.fields().isEmpty()) {
      owners.add(owner);
    }
  }

  private boolean has(Owner owner) {
    return find(owner).filter(was -> was.fields().equals(owner.fields())).isPresent();
  }

  FieldSet all() {
    return owners.stream().map(Owner::fields).reduce(FieldSet.NONE, FieldSet::union);
  }

  /**
   * Fields that an owner may have: no names, no bookkeeping, and of {@code status} only what was
   * written through it.
   */
  static FieldSet ownable(FieldSet fields, String subresource, Shape shape) {
    FieldSet set = fields;
    if (subresource.equals("status")) {
      set = FieldSet.NONE.with(STATUS, fields.at(STATUS));
    } else if (shape.hasStatusSubresource()) {
      set = set.without(STATUS);
    }
    FieldSet metadata = set.at(METADATA);
    for (String name : UNOWNED_METADATA) {
      metadata = metadata.without(Elements.field(name));
    }
    metadata = new FieldSet(false, metadata.below());
    return set.without(Elements.field("apiVersion"))
        .without(Elements.field("kind"))
        .with(METADATA, metadata);
  }

  /**
   * The fields of others that a change adds or gives other values.
   *
   * @param excused fields that may be taken without force
   * @throws ApplyConflict when there are such fields
   */
  void refuseConflicts(Owner writer, Difference change, FieldSet excused) {
    FieldSet changed = change.modified().union(change.added()).minus(excused);
    List<Cause> causes = new ArrayList<>();
    for (Owner owner : owners) {
      if (!owner.is(writer)) {
        for (String path : owner.fields().intersect(changed).paths()) {
          causes.add(new Cause(owner.shown(), path));
        }
      }
    }
    if (!causes.isEmpty()) {
      throw new ApplyConflict(message(causes), causes);
    }
  }

  private static String message(List<Cause> causes) {
    if (causes.size() == 1) {
      Cause cause = causes.getFirst();
      return "Apply failed with 1 conflict: conflict with %s: %s"
          .formatted(cause.manager(), cause.path());
    }
    String list =
        causes.stream()
            .collect(
                Collectors.groupingBy(
                    Cause::manager,
                    TreeMap::new,
                    Collectors.mapping(cause -> "- " + cause.path(), Collectors.toList())))
            .entrySet()
            .stream()
            .map(each ->
                "conflicts with " + each.getKey() + ":\n" + String.join("\n", each.getValue()))
            .collect(Collectors.joining("\n"));
    return "Apply failed with %d conflicts: %s".formatted(causes.size(), list);
  }

  /** Takes what was changed or removed away from everybody but the writer. */
  void takeFromOthers(Owner writer, Difference change) {
    FieldSet taken = change.modified().union(change.added()).union(change.removed());
    owners.replaceAll(
        owner -> owner.is(writer) ? owner : owner.owning(owner.fields().minus(taken)));
    owners.removeIf(owner -> owner.fields().isEmpty());
  }

  /** Writes the entries; those that differ from before carry the time of the change. */
  void writeTo(ObjectNode object, Ownership before, Instant now) {
    String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    ObjectNode metadata = object.withObjectProperty("metadata");
    if (owners.isEmpty()) {
      metadata.remove("managedFields");
      return;
    }
    ArrayNode entries = object.arrayNode();
    owners.stream()
        .map(owner -> before.has(owner) ? owner : owner.at(time))
        .sorted(Owner.ORDER)
        .forEach(owner -> entries.add(owner.write()));
    metadata.set("managedFields", entries);
  }
}
