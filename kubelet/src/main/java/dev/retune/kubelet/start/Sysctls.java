package dev.retune.kubelet.start;

import dev.retune.kubelet.rules.Versions;
import dev.retune.kubelet.value.Words;
import java.util.List;
import java.util.regex.Pattern;

/**
 * {@code allowedUnsafeSysctls}: each is a sysctl or a prefix with a star, and one that the kernel
 * keeps apart per namespace ({@code NewAllowlist} and {@code NamespacedBy} in the kubelet, 1.25 to
 * 1.36; names with slashes since 1.25).
 */
final class Sysctls {

  private static final int LONGEST = 253;
  private static final Pattern PATTERN =
      Pattern.compile("(?:[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?[./])*(?:[a-z0-9][-_a-z0-9]*)?[a-z0-9*]");
  private static final List<String> NAMESPACED =
      List.of(
          "kernel.sem",
          "kernel.shmall",
          "kernel.shmmax",
          "kernel.shmmni",
          "kernel.shm_rmid_forced",
          "kernel.shm",
          "kernel.msgmax",
          "kernel.msgmnb",
          "kernel.msgmni",
          "kernel.msg");
  private static final List<String> NAMESPACED_PREFIXES = List.of("net.", "fs.mqueue.");

  /** Up to 1.28 any name may follow these, later only those that Linux has. */
  private static final List<String> ONCE_PREFIXES = List.of("kernel.shm", "kernel.msg");

  private static final Versions ONCE = Versions.until(28);

  private Sysctls() {}

  static void check(Start start) {
    int index = 0;
    for (Object element : start.list("allowedUnsafeSysctls")) {
      String sysctl = String.valueOf(element);
      String field = "allowedUnsafeSysctls[" + index++ + "]";
      if (sysctl.length() > LONGEST || !PATTERN.matcher(sysctl).matches()) {
        start.exits(
            field,
            Words.quoted(sysctl) + " is no sysctl such as \"kernel.msgmax\" or \"net.core.*\"");
      } else if (!isNamespaced(start, normal(sysctl))) {
        start.exits(
            field,
            Words.quoted(sysctl)
                + " is not kept apart per namespace; allowed are net.*, fs.mqueue.*,"
                + " kernel.shm*, kernel.msg* and kernel.sem");
      }
    }
  }

  private static boolean isNamespaced(Start start, String sysctl) {
    int star = sysctl.indexOf('*');
    String name = star < 0 ? sysctl : sysctl.substring(0, star);
    return NAMESPACED.contains(name)
        || NAMESPACED_PREFIXES.stream().anyMatch(name::startsWith)
        || (ONCE.include(start.version()) && ONCE_PREFIXES.stream().anyMatch(name::startsWith));
  }

  /** When the first separator is a slash, slashes separate and dots belong to the names. */
  private static String normal(String sysctl) {
    int dot = sysctl.indexOf('.');
    int slash = sysctl.indexOf('/');
    if (slash < 0 || (dot >= 0 && dot < slash)) {
      return sysctl;
    }
    StringBuilder out = new StringBuilder(sysctl.length());
    for (int i = 0; i < sysctl.length(); i++) {
      char c = sysctl.charAt(i);
      out.append(c == '/' ? '.' : c == '.' ? '/' : c);
    }
    return out.toString();
  }
}
