package dev.retune.sandbox.crd;

/**
 * One complaint about an object, in the parts of a {@code metav1.StatusCause}.
 *
 * @param path the field, for example {@code spec.items[0].name}; empty for the whole object
 * @param type the cause's reason: {@code FieldValueRequired}, {@code FieldValueInvalid}, {@code
 *     FieldValueForbidden}, {@code FieldValueTypeInvalid}, {@code FieldValueNotSupported}, {@code
 *     FieldValueDuplicate}, {@code FieldValueTooLong}, {@code FieldValueTooMany} or {@code
 *     InternalError}
 * @param message the cause's message without the path, for example {@code Required value}
 */
public record FieldError(String path, String type, String message) {

  /** The complaint as it stands in the message of a Status: path, colon, message. */
  public String text() {
    return path + ": " + message;
  }
}
