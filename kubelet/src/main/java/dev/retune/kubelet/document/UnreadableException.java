package dev.retune.kubelet.document;

/** The document is neither JSON nor YAML that a kubelet reads. */
public final class UnreadableException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;

  public UnreadableException(String message, int line, int column) {
    super(message, null, false, false);
    this.line = line;
    this.column = column;
  }

  /** Line of the fault from 1; 0 when unknown. */
  public int line() {
    return line;
  }

  /** Column of the fault from 1; 0 when unknown. */
  public int column() {
    return column;
  }

  /** What is wrong. */
  public String reason() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
