package dev.retune.kubelet;

/**
 * One complaint about a document.
 *
 * @param field path of the field it is about, such as {@code evictionHard[memory.available]} or
 *     {@code registerWithTaints[0].key}; empty when it is about the document as a whole
 * @param message what is wrong and what is allowed, for people
 * @param line line in the document, from 1; 0 when unknown
 * @param column column in that line in characters, from 1; 0 when unknown
 */
public record Complaint(String field, String message, int line, int column) {

  /** A complaint without a place in the document. */
  public static Complaint of(String field, String message) {
    return new Complaint(field, message, 0, 0);
  }

  /** The top-level field the complaint is about; empty for the document as a whole. */
  public String topLevelField() {
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '.' || c == '[') {
        return field.substring(0, i);
      }
    }
    return field;
  }

  /** {@code line:column field: message}, leaving out what is unknown. */
  @Override
  public String toString() {
    String place = line > 0 ? line + ":" + column + " " : "";
    String name = field.isEmpty() ? "" : field + ": ";
    return place + name + message;
  }
}
