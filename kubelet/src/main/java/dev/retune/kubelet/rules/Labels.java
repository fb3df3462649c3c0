package dev.retune.kubelet.rules;

/** Names as Kubernetes allows them for labels and taints. */
final class Labels {

  private Labels() {}

  /** An optional DNS subdomain and a slash, then a name of at most 63 characters. */
  static boolean isQualifiedName(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return isName(text);
    }
    return isSubdomain(text.substring(0, slash)) && isName(text.substring(slash + 1));
  }

  /** A label's value: empty or a name. */
  static boolean isValue(String text) {
    return text.isEmpty() || isName(text);
  }

  private static boolean isName(String text) {
    if (text.isEmpty() || text.length() > 63) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean edge = i == 0 || i == text.length() - 1;
      if (!isAlphanumeric(c) && (edge || (c != '-' && c != '_' && c != '.'))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSubdomain(String text) {
    if (text.isEmpty() || text.length() > 253) {
      return false;
    }
    for (String label : text.split("\\.", -1)) {
      if (label.isEmpty() || label.startsWith("-") || label.endsWith("-")) {
        return false;
      }
      for (int i = 0; i < label.length(); i++) {
        char c = label.charAt(i);
        if (c != '-' && (!isAlphanumeric(c) || (c >= 'A' && c <= 'Z'))) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
