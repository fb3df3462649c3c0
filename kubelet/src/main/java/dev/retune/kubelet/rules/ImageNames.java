package dev.retune.kubelet.rules;

import java.util.Locale;
import java.util.regex.Pattern;

/** Names of images as the allow list of pre-loaded images takes them. */
final class ImageNames {

  private static final Pattern DOMAIN_LABEL =
      Pattern.compile("[a-zA-Z0-9]++(?:-++[a-zA-Z0-9]++)*+");
  private static final Pattern IPV6 = Pattern.compile("\\[[a-fA-F0-9:]++]");
  private static final Pattern PORT = Pattern.compile("[0-9]++");
  private static final Pattern PATH_COMPONENT =
      Pattern.compile("[a-z0-9]++(?:(?:[._]|__|-++)[a-z0-9]++)*+");
  private static final Pattern HEX_64 = Pattern.compile("[a-f0-9]{64}");
  private static final int LONGEST = 255;

  private ImageNames() {}

  /**
   * Whether the pattern is a name without tag and digest or a prefix followed by {@code /*}.
   *
   * @param full whether a name must be spelt out with the registry's host, as kubelets up to 1.35
   *     want it
   */
  static boolean isAllowlistPattern(String pattern, boolean full) {
    if (pattern.isEmpty()
        || isSpace(pattern.charAt(0))
        || isSpace(pattern.charAt(pattern.length() - 1))) {
      return false;
    }
    boolean prefix = pattern.endsWith("/*");
    String name = prefix ? pattern.substring(0, pattern.length() - 1) : pattern;
    if (name.indexOf('*') >= 0) {
      return false;
    }
    if (prefix) {
      return name.length() > 1;
    }
    return full ? isFullName(name) : isName(name);
  }

  /** White space at the ends is refused, of Unicode too. */
  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }

  private static boolean isFullName(String name) {
    int slash = name.indexOf('/');
    if (slash < 0 || HEX_64.matcher(name).matches()) {
      return false;
    }
    String host = name.substring(0, slash);
    boolean registry =
        host.indexOf('.') >= 0
            || host.indexOf(':') >= 0
            || host.equals("localhost")
            || !host.equals(host.toLowerCase(Locale.ROOT));
    String path = name.substring(slash + 1);
    // The short name of the default registry is spelt out, so it is not its own full name.
    return registry
        && !host.equals("index.docker.io")
        && !(host.equals("docker.io") && path.indexOf('/') < 0)
        && isName(name);
  }

  /** A path, with a host before it or without. */
  private static boolean isName(String name) {
    int slash = name.indexOf('/');
    boolean hosted = slash >= 0 && isHost(name.substring(0, slash));
    return isPath(hosted ? name.substring(slash + 1) : name);
  }

  private static boolean isPath(String path) {
    if (path.length() > LONGEST) {
      return false;
    }
    for (String component : path.split("/", -1)) {
      if (!PATH_COMPONENT.matcher(component).matches()) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHost(String host) {
    int bracket = host.indexOf(']');
    int colon = host.indexOf(':', Math.max(0, bracket));
    if (colon >= 0 && !PORT.matcher(host.substring(colon + 1)).matches()) {
      return false;
    }
    String name = host.substring(0, colon < 0 ? host.length() : colon);
    if (IPV6.matcher(name).matches()) {
      return true;
    }
    for (String label : name.split("\\.", -1)) {
      if (!DOMAIN_LABEL.matcher(label).matches()) {
        return false;
      }
    }
    return true;
  }
}
