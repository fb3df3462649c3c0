package dev.retune.kubelet.value;

import org.jspecify.annotations.Nullable;

/** The way to a value, spelled out only when somebody has to read it. */
public record Path(@Nullable Path parent, String name, int index) {

  private static final int NAME = -1;
  private static final int KEY = -2;

  /** A top-level field. */
  public static Path field(String name) {
    return new Path(null, name, NAME);
  }

  /** A field of the object at this path. */
  public Path then(String fieldName) {
    return new Path(this, fieldName, NAME);
  }

  /** A key of the map at this path. */
  public Path key(String key) {
    return new Path(this, key, KEY);
  }

  /** An element of the list at this path, from 0. */
  public Path at(int element) {
    return new Path(this, "", element);
  }

  /** {@code evictionHard[memory.available]}, {@code registerWithTaints[0].key}. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    write(out);
    return out.toString();
  }

  private void write(StringBuilder out) {
    if (parent != null) {
      parent.write(out);
    }
    if (index == NAME) {
      if (parent != null) {
        out.append('.');
      }
      out.append(Words.shortened(name));
    } else {
      out.append('[').append(index == KEY ? Words.shortened(name) : Integer.toString(index));
      out.append(']');
    }
  }
}
