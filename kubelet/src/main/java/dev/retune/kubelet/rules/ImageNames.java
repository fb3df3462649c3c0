package dev.retune.kubelet.rules;

import java.util.Locale;
import java.util.regex.Pattern;

/** Names of images as the allow list of pre-loaded images takes them. */
final class ImageNames {

  private static final Pattern DOMAIN_LABEL =
      Pattern.compile("[a-zA-Z0-9]++(?:-++[a-zA-Z0-9]++)*+");
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
   *     want it; later ones only look for a tag or digest
   */
  static boolean isAllowlistPattern(String pattern, boolean full) {
    if (!pattern.equals(pattern.strip()) || pattern.isEmpty()) {
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
    return full ? isFullName(name) : !name.endsWith("/") && !hasTagOrDigest(name);
  }

  private static boolean hasTagOrDigest(String name) {
    return name.indexOf('@') >= 0 || name.lastIndexOf(':') > name.lastIndexOf('/');
  }

  private static boolean isFullName(String name) {
    int slash = name.indexOf('/');
    if (slash < 0 || name.length() > LONGEST || HEX_64.matcher(name).matches()) {
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
    if (!registry
        || host.equals("index.docker.io")
        || (host.equals("docker.io") && path.indexOf('/') < 0)
        || !isHost(host)) {
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
    int colon = host.indexOf(':');
    if (colon >= 0 && !PORT.matcher(host.substring(colon + 1)).matches()) {
      return false;
    }
    for (String label : host.substring(0, colon < 0 ? host.length() : colon).split("\\.", -1)) {
      if (!DOMAIN_LABEL.matcher(label).matches()) {
        return false;
      }
    }
    return true;
  }
}
