package dev.retune.sandbox.crd;

/** Writes field paths as the API machinery does: {@code spec.items[0].labels[a.b/c]}. */
final class Paths {
  private Paths() {}

  static String child(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  static String index(String path, int index) {
    return path + "[" + index + "]";
  }

  static String key(String path, String key) {
    return path + "[" + key + "]";
  }
}
