package dev.retune.sandbox.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.crd.FieldError;
import dev.retune.sandbox.store.Key;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** The part of an object that is the API server's own: {@code metadata}. */
public final class Metadata {
  private static final String SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
  private static final int SUFFIX_LENGTH = 5;

  /** Generated names leave room for the suffix within 63 characters. */
  private static final int LONGEST_BASE = 58;

  /** Fields of {@code metadata} that only the server sets. */
  private static final List<String> SERVER_OWNED =
      List.of("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds");

  private static final int ANNOTATIONS_LIMIT = 256 * 1024;

  private Metadata() {}

  static ObjectNode of(ObjectNode object) {
    JsonNode metadata = object.get("metadata");
    return metadata instanceof ObjectNode node ? node : object.putObject("metadata");
  }

  /** Where the object lives. */
  public static Key key(JsonNode object) {
    return new Key(text(object, "namespace"), text(object, "name"));
  }

  static String text(JsonNode object, String field) {
    return object.path("metadata").path(field).asText("");
  }

  static boolean isDeleting(JsonNode object) {
    return object.path("metadata").hasNonNull("deletionTimestamp");
  }

  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Fills in what a new object gets from the server. */
  static void create(ObjectNode object, boolean generation, Instant now) {
    ObjectNode metadata = of(object);
    metadata.remove(List.of("resourceVersion", "selfLink", "generation"));
    metadata.remove(SERVER_OWNED);
    if (text(object, "name").isEmpty() && !text(object, "generateName").isEmpty()) {
      metadata.put("name", generatedName(text(object, "generateName")));
    }
    metadata.put("uid", UUID.randomUUID().toString());
    metadata.put("creationTimestamp", time(now));
    if (generation) {
      metadata.put("generation", 1);
    }
  }

  /** Puts back what an update may not change. */
  static void carryOver(ObjectNode object, ObjectNode old) {
    ObjectNode metadata = of(object);
    ObjectNode before = of(old);
    metadata.remove("selfLink");
    List<String> kept = new ArrayList<>(SERVER_OWNED);
    kept.add("generation");
    for (String field : kept) {
      JsonNode value = before.get(field);
      if (value == null) {
        metadata.remove(field);
      } else {
        metadata.set(field, value);
      }
    }
  }

  /** Labels that are none are not stored, of any kind. */
  static void dropEmpty(ObjectNode object) {
    ObjectNode metadata = of(object);
    for (String field : List.of("labels", "annotations", "finalizers", "ownerReferences")) {
      if (metadata.has(field) && metadata.get(field).isEmpty()) {
        metadata.remove(field);
      }
    }
  }

  static List<FieldError> errors(ObjectNode object, Optional<ObjectNode> old, ResourceType type) {
    List<FieldError> errors = new ArrayList<>();
    String name = text(object, "name");
    if (old.isEmpty()) {
      if (name.isEmpty()) {
        errors.add(Rules.required("metadata.name", "name or generateName is required"));
      } else {
        type.rules()
            .nameError(name)
            .ifPresent(why -> errors.add(Rules.invalid("metadata.name", name, why)));
      }
    }
    int annotations = 0;
    for (var annotation : object.path("metadata").path("annotations").properties()) {
      annotations += annotation.getKey().length() + annotation.getValue().asText().length();
    }
    if (annotations > ANNOTATIONS_LIMIT) {
      errors.add(
          new FieldError(
              "metadata.annotations",
              "FieldValueTooLong",
              "Too long: may not be more than " + ANNOTATIONS_LIMIT + " bytes"));
    }
    for (var label : object.path("metadata").path("labels").properties()) {
      LabelSyntax.keyError(label.getKey())
          .ifPresent(why -> errors.add(Rules.invalid("metadata.labels", label.getKey(), why)));
      LabelSyntax.valueError(label.getValue().asText())
          .ifPresent(
              why -> errors.add(Rules.invalid("metadata.labels", label.getValue().asText(), why)));
    }
    owners(object, errors);
    old.ifPresent(before -> lateFinalizers(object, before, errors));
    return errors;
  }

  private static void owners(ObjectNode object, List<FieldError> errors) {
    int index = 0;
    for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
      String path = "metadata.ownerReferences[" + index++ + "]";
      for (String field : List.of("apiVersion", "kind", "name", "uid")) {
        if (owner.path(field).asText("").isEmpty()) {
          errors.add(Rules.invalid(path + "." + field, "", field + " must not be empty"));
        }
      }
    }
  }

  private static void lateFinalizers(
      ObjectNode object, ObjectNode before, List<FieldError> errors) {
    if (!isDeleting(before)) {
      return;
    }
    Set<String> added = new HashSet<>(Rules.NONE.finalizers(object));
    Rules.NONE.finalizers(before).forEach(added::remove);
    if (!added.isEmpty()) {
      errors.add(
          Rules.forbidden(
              "metadata.finalizers",
              "no new finalizers can be added if the object is being deleted, found new finalizers "
                  + added));
    }
  }

  private static String generatedName(String base) {
    StringBuilder name =
        new StringBuilder(base.length() > LONGEST_BASE ? base.substring(0, LONGEST_BASE) : base);
    for (int i = 0; i < SUFFIX_LENGTH; i++) {
      int at = ThreadLocalRandom.current().nextInt(SUFFIX_ALPHABET.length());
      name.append(SUFFIX_ALPHABET.charAt(at));
    }
    return name.toString();
  }
}
