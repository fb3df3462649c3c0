package dev.retune.sandbox.crd;

/**
 * A column of a {@code meta.k8s.io/v1} Table.
 *
 * @param name the header, in any case; kubectl writes it in capitals
 * @param type {@code string}, {@code integer}, {@code number}, {@code boolean} or {@code date}
 * @param format the OpenAPI format, {@code name} for the object's name, or empty
 * @param description what the column shows, may be empty
 * @param priority 0 is always shown, higher with {@code -o wide} only
 */
public record Column(String name, String type, String format, String description, int priority) {}
