package dev.retune.sandbox.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.crd.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What one kind wants of its objects beyond what all objects have in common. */
public interface Rules {
  /** A kind that is stored as it comes. */
  Rules NONE = new Rules() {};

  /**
   * Completes and checks an object that is about to be written.
   *
   * @param object the new content; may be changed in place
   * @param old the stored object, empty on creation
   * @return the object to store
   * @throws dev.retune.sandbox.crd.InvalidObject when the object may not be written
   */
  default ObjectNode admit(ObjectNode object, Optional<ObjectNode> old, Call call) {
    return object;
  }

  /** What is wrong with a name of this kind; most are DNS subdomains. */
  default Optional<String> nameError(String name) {
    return NameFormats.subdomainError(name);
  }

  /** Changes the object when its deletion begins but finalizers hold it. */
  default void deleting(ObjectNode object) {}

  /** Refuses a deletion that may never happen, with the reason. */
  default Optional<String> undeletable(String name) {
    return Optional.empty();
  }

  /** The finalizers that still hold an object. */
  default List<String> finalizers(ObjectNode object) {
    List<String> finalizers = new ArrayList<>();
    for (JsonNode finalizer : object.path("metadata").path("finalizers")) {
      finalizers.add(finalizer.asText());
    }
    return finalizers;
  }

  /** A complaint of type Invalid value about a text. */
  static FieldError invalid(String path, String value, String why) {
    return new FieldError(
        path, "FieldValueInvalid", "Invalid value: \"%s\": %s".formatted(value, why));
  }

  static FieldError required(String path, String why) {
    return new FieldError(
        path, "FieldValueRequired", why.isEmpty() ? "Required value" : "Required value: " + why);
  }

  static FieldError forbidden(String path, String why) {
    return new FieldError(path, "FieldValueForbidden", "Forbidden: " + why);
  }
}
