package dev.retune.kubelet.rules;

/** Addresses as Go's URL parser and gRPC take them. */
final class Endpoints {

  private Endpoints() {}

  /**
   * Whether tracing takes the endpoint: anything without {@code //} is a DNS name with a port;
   * otherwise a URL of a scheme gRPC resolves.
   *
   * @param strictColons whether more than one colon outside of brackets is refused in a host, as by
   *     the Go of 1.36
   */
  static boolean isTracingEndpoint(String endpoint, boolean strictColons) {
    String url = endpoint.contains("//") ? endpoint : "dns://" + endpoint;
    for (int i = 0; i < url.length(); i++) {
      if (url.charAt(i) < ' ' || url.charAt(i) == 0x7f) {
        return false;
      }
    }
    int colon = url.indexOf(':');
    if (colon <= 0) {
      return false;
    }
    String scheme = url.substring(0, colon);
    if (!scheme.equalsIgnoreCase("dns")
        && !scheme.equalsIgnoreCase("unix")
        && !scheme.equalsIgnoreCase("unix-abstract")) {
      return false;
    }
    String rest = url.substring(colon + 1);
    int fragment = rest.indexOf('#');
    if (fragment >= 0) {
      if (!isEscaped(rest.substring(fragment + 1))) {
        return false;
      }
      rest = rest.substring(0, fragment);
    }
    int query = rest.indexOf('?');
    if (query >= 0) {
      rest = rest.substring(0, query);
    }
    if (!rest.startsWith("//")) {
      // Without a slash the rest is opaque and not looked at.
      return !rest.startsWith("/") || isEscaped(rest);
    }
    int path = rest.indexOf('/', 2);
    String authority = path < 0 ? rest.substring(2) : rest.substring(2, path);
    return isAuthority(authority, strictColons) && (path < 0 || isEscaped(rest.substring(path)));
  }

  private static boolean isAuthority(String authority, boolean strictColons) {
    int at = authority.lastIndexOf('@');
    if (at >= 0) {
      String user = authority.substring(0, at);
      for (int i = 0; i < user.length(); i++) {
        char c = user.charAt(i);
        if (!isAlphanumeric(c) && "-._:~!$&'()*+,;=%@".indexOf(c) < 0) {
          return false;
        }
      }
      if (!isEscaped(user)) {
        return false;
      }
    }
    String host = authority.substring(at + 1);
    boolean colons = host.indexOf(':') != host.lastIndexOf(':') && !host.startsWith("[");
    return isHost(host) && !(strictColons && colons);
  }

  private static boolean isHost(String host) {
    String name = host;
    String port = "";
    if (host.startsWith("[")) {
      int end = host.lastIndexOf(']');
      if (end < 0) {
        return false;
      }
      name = host.substring(0, end + 1);
      port = host.substring(end + 1);
    } else {
      int colon = host.lastIndexOf(':');
      if (colon >= 0) {
        name = host.substring(0, colon);
        port = host.substring(colon);
      }
    }
    if (!port.isEmpty()) {
      if (port.charAt(0) != ':') {
        return false;
      }
      for (int i = 1; i < port.length(); i++) {
        if (port.charAt(i) < '0' || port.charAt(i) > '9') {
          return false;
        }
      }
    }
    int zone = host.startsWith("[") ? name.indexOf("%25") : -1;
    return zone < 0
        ? isName(name)
        : isName(name.substring(0, zone)) && isEscaped(name.substring(zone));
  }

  private static boolean isName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '%') {
        // Only bytes outside of ASCII may be escaped in a host name.
        if (i + 2 >= name.length()
            || Character.digit(name.charAt(i + 1), 16) < 8
            || Character.digit(name.charAt(i + 2), 16) < 0) {
          return false;
        }
        i += 2;
      } else if (c < 0x80 && !isAlphanumeric(c) && "-_.~!$&'()*+,;=:[]<>\"".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether each percent sign is followed by two hexadecimal digits. */
  private static boolean isEscaped(String text) {
    for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 1)) {
      if (i + 2 >= text.length()
          || Character.digit(text.charAt(i + 1), 16) < 0
          || Character.digit(text.charAt(i + 2), 16) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
