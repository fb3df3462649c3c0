package dev.retune.sandbox.store;

import java.util.Comparator;

/**
 * Where an object lives among the objects of its resource.
 *
 * @param namespace empty for a cluster-scoped object
 */
public record Key(String namespace, String name) implements Comparable<Key> {
  private static final Comparator<Key> ORDER =
      Comparator.comparing(Key::namespace).thenComparing(Key::name);

  @Override
  public int compareTo(Key other) {
    return ORDER.compare(this, other);
  }
}
