package dev.retune.sandbox.registry;

import java.util.ArrayList;
import java.util.List;

/** The circumstances of one write: how it was asked for, and what the caller is to be told. */
public final class Call {
  private final String subresource;
  private final FieldValidation fieldValidation;
  private final boolean dryRun;
  private final List<String> warnings = new ArrayList<>();

  /** What happens to fields the kind does not have. */
  public enum FieldValidation {
    /** They are dropped. */
    IGNORE,
    /** They are dropped, and the caller gets a Warning header; the default. */
    WARN,
    /** The request is refused. */
    STRICT
  }

  /**
   * A write on somebody's behalf.
   *
   * @param subresource empty for the object itself
   */
  public Call(String subresource, FieldValidation fieldValidation, boolean dryRun) {
    this.subresource = subresource;
    this.fieldValidation = fieldValidation;
    this.dryRun = dryRun;
  }

  /** A write by the control plane itself. */
  public static Call internal() {
    return new Call("", FieldValidation.IGNORE, false);
  }

  /** A write by the control plane itself to a subresource. */
  static Call internal(String subresource) {
    return new Call(subresource, FieldValidation.IGNORE, false);
  }

  public String subresource() {
    return subresource;
  }

  boolean isStatus() {
    return subresource.equals("status");
  }

  FieldValidation fieldValidation() {
    return fieldValidation;
  }

  public boolean dryRun() {
    return dryRun;
  }

  /** Adds a text for the response's {@code Warning} headers. */
  public void warn(String text) {
    if (!warnings.contains(text)) {
      warnings.add(text);
    }
  }

  public List<String> warnings() {
    return List.copyOf(warnings);
  }
}
