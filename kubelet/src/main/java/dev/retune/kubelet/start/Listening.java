package dev.retune.kubelet.start;

import dev.retune.kubelet.value.Words;
import java.util.List;

/**
 * The address and ports the kubelet listens on. Where it cannot, it ends ({@code
 * ListenAndServeKubeletServer} and {@code ListenAndServeKubeletReadOnlyServer}, 1.25 to 1.36); a
 * health port that it cannot have is only logged.
 */
final class Listening {

  private static final String IPV4 = "[0-9]{1,8}(?:\\.[0-9]{1,8}){3}";
  private static final int BYTE = 255;
  private static final int GROUPS = 8;

  private Listening() {}

  static void check(Start start) {
    long readOnly = number(start, "readOnlyPort");
    String address = start.text("address");
    if (!address.isEmpty() && (serves(start) || readOnly > 0) && !isIp(address)) {
      start.exits("address", Words.quoted(address) + " is no IP address, so it cannot listen");
    }
    if (serves(start) && readOnly > 0 && readOnly == number(start, "port")) {
      start.exits("readOnlyPort", readOnly + " is the port too, and only one can listen on it");
    }
  }

  /** Whether the server is on, as it is by default. */
  static boolean serves(Start start) {
    return !Boolean.FALSE.equals(start.value("enableServer"));
  }

  private static long number(Start start, String field) {
    return start.value(field) instanceof Number number ? number.longValue() : 0;
  }

  /** As the kubelet reads it ({@code ParseIPSloppy}): zeros may lead, a zone may not follow. */
  static boolean isIp(String text) {
    if (text.indexOf(':') < 0) {
      return isIpv4(text);
    }
    int gap = text.indexOf("::");
    if (gap < 0) {
      return groups(text) == GROUPS;
    }
    String before = text.substring(0, gap);
    String after = text.substring(gap + 2);
    int first = before.isEmpty() ? 0 : before.indexOf('.') < 0 ? groups(before) : -1;
    int second = after.isEmpty() ? 0 : groups(after);
    return first >= 0 && second >= 0 && first + second < GROUPS;
  }

  private static boolean isIpv4(String text) {
    return text.matches(IPV4)
        && List.of(text.split("\\.", -1)).stream().allMatch(part -> Integer.parseInt(part) <= BYTE);
  }

  /** How many groups of an IPv6 address these are; -1 when they are none. */
  private static int groups(String text) {
    String[] parts = text.split(":", -1);
    int count = 0;
    for (int i = 0; i < parts.length; i++) {
      if (i == parts.length - 1 && parts[i].indexOf('.') >= 0) {
        if (!isIpv4(parts[i])) {
          return -1;
        }
        count += 2;
      } else if (parts[i].matches("0*[0-9a-fA-F]{1,4}")) {
        count++;
      } else {
        return -1;
      }
    }
    return count;
  }
}
