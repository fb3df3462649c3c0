package dev.retune.sandbox.crd;

import java.util.List;
import java.util.stream.Collectors;

/**
 * An object with fields its schema does not have, refused because the request asked for {@code
 * fieldValidation=Strict}: HTTP 400, reason {@code BadRequest}.
 */
public final class UnknownFields extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<String> fields;

  /** Refuses an object for these fields, at least one, each as a path such as {@code spec.x}. */
  public UnknownFields(List<String> fields) {
    super(
        fields.stream()
            .map(UnknownFields::complaint)
            .collect(Collectors.joining(", ", "strict decoding error: ", "")));
    this.fields = List.copyOf(fields);
  }

  /** The unknown fields' paths. */
  public List<String> fields() {
    return fields;
  }

  /** What a Warning header says of one unknown field. */
  public static String complaint(String path) {
    return "unknown field \"" + path + "\"";
  }
}
