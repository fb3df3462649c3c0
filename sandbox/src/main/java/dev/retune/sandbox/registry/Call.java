package dev.retune.sandbox.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.store.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The circumstances of one write: how it was asked for, and what the caller is to be told. */
public final class Call {
  private final String subresource;
  private final FieldValidation fieldValidation;
  private final boolean dryRun;
  private final Tracker tracker;
  private final Gate gate;
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

  /** Attributes what a write changes to who writes it. */
  public interface Tracker {
    /** Leaves everything as it is. */
    Tracker NONE = (live, updated) -> updated;

    /** The updated object with the {@code managedFields} it should have. */
    ObjectNode track(Optional<ObjectNode> live, ObjectNode updated);
  }

  /**
   * A write on somebody's behalf.
   *
   * @param subresource empty for the object itself
   * @param gate who may still refuse it
   */
  public Call(
      String subresource,
      FieldValidation fieldValidation,
      boolean dryRun,
      Tracker tracker,
      Gate gate) {
    this.tracker = tracker;
    this.gate = gate;
    this.subresource = subresource;
    this.fieldValidation = fieldValidation;
    this.dryRun = dryRun;
  }

  /** A write by the control plane itself. */
  public static Call internal() {
    return internal("");
  }

  /** A write by the control plane itself to a subresource. */
  static Call internal(String subresource) {
    return new Call(subresource, FieldValidation.IGNORE, false, Tracker.NONE, Gate.OPEN);
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

  ObjectNode tracked(Optional<ObjectNode> live, ObjectNode updated) {
    return tracker.track(live, updated);
  }

  /**
   * Asks those who may still refuse the write.
   *
   * @throws ApiFailure when one does
   */
  void pass(
      ResourceType type,
      Gate.Operation operation,
      Key key,
      Optional<ObjectNode> object,
      Optional<ObjectNode> old) {
    gate.pass(new Gate.Write(type, operation, key, subresource, object, old, dryRun, this::warn));
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
