package dev.retune.sandbox.crd;

import java.util.List;
import java.util.stream.Collectors;

/** An object that its type does not allow: HTTP 422, reason {@code Invalid}. */
public final class InvalidObject extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<FieldError> errors;

  /** Refuses an object for these reasons, at least one. */
  public InvalidObject(List<FieldError> errors) {
    super(aggregate(errors));
    this.errors = List.copyOf(errors);
  }

  /** The causes, in the order an API server reports them. */
  public List<FieldError> errors() {
    return errors;
  }

  /**
   * The Status message for an object.
   *
   * @param kind the kind with its group, for example {@code NodeKubelet.retune.dev}
   * @param name the object's name
   */
  public String statusMessage(String kind, String name) {
    return kind + " \"" + name + "\" is invalid: " + aggregate(errors);
  }

  private static String aggregate(List<FieldError> errors) {
    List<String> texts = errors.stream().map(FieldError::text).distinct().toList();
    return texts.size() == 1
        ? texts.getFirst()
        : texts.stream().collect(Collectors.joining(", ", "[", "]"));
  }
}
