package dev.retune.sandbox.crd;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** IP addresses and CIDRs as Go's {@code net/netip} reads them: no leading zeros, no zones. */
final class IpAddress {
  /**
   * An address with a prefix length.
   *
   * @param bits the prefix length
   */
  record Cidr(IpAddress address, int bits) {
    boolean contains(IpAddress other) {
      if (other.bytes.length != address.bytes.length) {
        return false;
      }
      for (int i = 0; i < bits; i++) {
        if (address.bit(i) != other.bit(i)) {
          return false;
        }
      }
      return true;
    }

    boolean contains(Cidr other) {
      return other.bits >= bits && contains(other.address);
    }

    Cidr masked() {
      byte[] masked = address.bytes.clone();
      for (int i = bits; i < masked.length * 8; i++) {
        masked[i / 8] &= (byte) ~(0x80 >> (i % 8));
      }
      return new Cidr(new IpAddress(masked), bits);
    }

    String text() {
      return address.text() + "/" + bits;
    }
  }

  private static final Pattern V4_PART = Pattern.compile("0|[1-9][0-9]{0,2}");
  private static final Pattern V6_PART = Pattern.compile("[0-9a-fA-F]{1,4}");

  private final byte[] bytes;

  private IpAddress(byte[] bytes) {
    this.bytes = bytes;
  }

  static Optional<IpAddress> parse(String text) {
    return text.indexOf(':') >= 0 ? parseV6(text) : parseV4(text);
  }

  static boolean isV4(String text) {
    return parseV4(text).isPresent();
  }

  static boolean isV6(String text) {
    return text.indexOf(':') >= 0 && parseV6(text).isPresent();
  }

  static Optional<Cidr> parseCidr(String text) {
    int slash = text.lastIndexOf('/');
    if (slash < 0 || !V4_PART.matcher(text.substring(slash + 1)).matches()) {
      return Optional.empty();
    }
    int bits = Integer.parseInt(text.substring(slash + 1));
    return parse(text.substring(0, slash))
        .filter(address -> bits <= address.bytes.length * 8)
        .map(address -> new Cidr(address, bits));
  }

  private static Optional<IpAddress> parseV4(String text) {
    String[] parts = text.split("\\.", -1);
    byte[] bytes = new byte[4];
    if (parts.length != 4) {
      return Optional.empty();
    }
    for (int i = 0; i < 4; i++) {
      if (!V4_PART.matcher(parts[i]).matches() || Integer.parseInt(parts[i]) > 255) {
        return Optional.empty();
      }
      bytes[i] = (byte) Integer.parseInt(parts[i]);
    }
    return Optional.of(new IpAddress(bytes));
  }

  private static Optional<IpAddress> parseV6(String text) {
    String hex = text;
    int dot = text.indexOf('.');
    if (dot >= 0) {
      int colon = text.lastIndexOf(':');
      Optional<IpAddress> tail = parseV4(text.substring(colon + 1));
      if (tail.isEmpty()) {
        return Optional.empty();
      }
      hex =
          text.substring(0, colon + 1)
              + "%x:%x".formatted(tail.get().group(0), tail.get().group(1));
    }
    int gap = hex.indexOf("::");
    if (gap >= 0 && hex.indexOf("::", gap + 1) >= 0) {
      return Optional.empty();
    }
    String[] head = groups(gap < 0 ? hex : hex.substring(0, gap));
    String[] tail = groups(gap < 0 ? "" : hex.substring(gap + 2));
    int given = head.length + tail.length;
    if (gap < 0 ? given != 8 : given > 7) {
      return Optional.empty();
    }
    byte[] bytes = new byte[16];
    for (int i = 0; i < given; i++) {
      boolean inHead = i < head.length;
      String group = inHead ? head[i] : tail[i - head.length];
      if (!V6_PART.matcher(group).matches()) {
        return Optional.empty();
      }
      int at = (inHead ? i : 8 - given + i) * 2;
      int value = Integer.parseInt(group, 16);
      bytes[at] = (byte) (value >> 8);
      bytes[at + 1] = (byte) value;
    }
    return Optional.of(new IpAddress(bytes));
  }

  private static String[] groups(String text) {
    return text.isEmpty() ? new String[0] : text.split(":", -1);
  }

  int family() {
    return bytes.length == 4 ? 4 : 6;
  }

  /** Two octets as one number. */
  private int group(int index) {
    return (octet(2 * index) << 8) | octet(2 * index + 1);
  }

  private int octet(int index) {
    return bytes[index] & 0xff;
  }

  boolean isLoopback() {
    return bytes.length == 4
        ? octet(0) == 127
        : Arrays.equals(bytes, 0, 15, new byte[15], 0, 15) && octet(15) == 1;
  }

  boolean isLinkLocalMulticast() {
    return bytes.length == 4
        ? octet(0) == 224 && octet(1) == 0 && octet(2) == 0
        : octet(0) == 0xff && (octet(1) & 0x0f) == 2;
  }

  boolean isLinkLocalUnicast() {
    return bytes.length == 4
        ? octet(0) == 169 && octet(1) == 254
        : octet(0) == 0xfe && (octet(1) & 0xc0) == 0x80;
  }

  boolean isGlobalUnicast() {
    boolean multicast = bytes.length == 4 ? octet(0) >> 4 == 14 : octet(0) == 0xff;
    boolean broadcast = bytes.length == 4 && Arrays.equals(bytes, new byte[] {-1, -1, -1, -1});
    return !multicast && !broadcast && !isUnspecified() && !isLoopback() && !isLinkLocalUnicast();
  }

  boolean isUnspecified() {
    return Arrays.equals(bytes, new byte[bytes.length]);
  }

  boolean bit(int index) {
    return (bytes[index / 8] & (0x80 >> (index % 8))) != 0;
  }

  /** The canonical text, RFC 5952 for IPv6. */
  String text() {
    if (bytes.length == 4) {
      return "%d.%d.%d.%d"
          .formatted(bytes[0] & 0xff, bytes[1] & 0xff, bytes[2] & 0xff, bytes[3] & 0xff);
    }
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = group(i);
    }
    int bestStart = -1;
    int bestLength = 1;
    for (int start = 0; start < 8; start++) {
      int end = start;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - start > bestLength) {
        bestStart = start;
        bestLength = end - start;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == bestStart) {
        text.append("::");
        i += bestLength - 1;
      } else {
        text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":");
        text.append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IpAddress address && Arrays.equals(bytes, address.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return text();
  }
}
