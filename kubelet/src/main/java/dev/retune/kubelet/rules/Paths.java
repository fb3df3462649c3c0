package dev.retune.kubelet.rules;

/** Paths of files by their text alone. */
final class Paths {

  private Paths() {}

  /**
   * Whether a path is in its shortest form: no empty or "." element, no trailing slash, and ".."
   * only at the start of a relative path.
   */
  static boolean isClean(String path) {
    if (path.isEmpty()) {
      return false;
    }
    if (path.equals("/") || path.equals(".")) {
      return true;
    }
    boolean absolute = path.charAt(0) == '/';
    boolean named = absolute;
    for (String element : path.substring(absolute ? 1 : 0).split("/", -1)) {
      if (element.isEmpty() || element.equals(".") || (element.equals("..") && named)) {
        return false;
      }
      named |= !element.equals("..");
    }
    return true;
  }
}
