package dev.retune.sandbox.patch;

import java.util.List;

/**
 * What merging needs to know of one place in a document: whether it is owned as a whole and what
 * tells the items of a list apart. Places without facts are granular maps and atomic lists, as
 * Kubernetes treats fields without {@code x-kubernetes-list-type}.
 */
public interface Shape {

  /** How the place is merged and owned. */
  sealed interface Kind {
    /** A map is merged by field, a list is replaced as a whole. */
    record Plain() implements Kind {}

    /** A map or a list that is replaced and owned as a whole. */
    record Atomic() implements Kind {}

    /** A list of scalars without duplicates. */
    record ScalarSet() implements Kind {}

    /** A list of maps told apart by these fields. */
    record KeyedList(List<String> keys) implements Kind {}
  }

  /** How this place is merged and owned. */
  Kind kind();

  /** The place below a map's field. */
  Shape field(String name);

  /** The place of each item of a list. */
  Shape items();

  /** Whether a map's field is one of a structure; else the map is open and its keys are data. */
  default boolean names(String field) {
    return true;
  }

  /**
   * The default of a key field of a keyed list's items, as JSON text; empty when there is none.
   * Kubernetes completes a Service port's or container port's {@code protocol} this way.
   */
  default String keyDefault(String key) {
    return "";
  }

  /** For the root: {@code status} is written through its own subresource only. */
  default boolean hasStatusSubresource() {
    return true;
  }

  /** A place about which nothing is known, and so everywhere below it. */
  static Shape plain() {
    return new Shape() {
      @Override
      public Kind kind() {
        return new Kind.Plain();
      }

      @Override
      public Shape field(String name) {
        return this;
      }

      @Override
      public Shape items() {
        return this;
      }

      @Override
      public boolean names(String field) {
        return false;
      }
    };
  }
}
