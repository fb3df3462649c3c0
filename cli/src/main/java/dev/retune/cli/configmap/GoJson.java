package dev.retune.cli.configmap;

import java.util.Map;
import java.util.TreeMap;

/**
 * JSON byte for byte as Go's {@code encoding/json.Marshal} writes it (Go 1.22 and later), for the
 * types that kubectl hashes: strings and maps from string to string. Keys are sorted by their UTF-8
 * bytes; {@code < > &} and the two Unicode line separators are escaped.
 */
final class GoJson {
  private static final String HEX = "0123456789abcdef";

  private GoJson() {}

  static String object(Map<String, String> rawValues) {
    var sorted = new TreeMap<String, String>(GoJson::compareBytes);
    sorted.putAll(rawValues);
    var json = new StringBuilder("{");
    sorted.forEach((key, value) -> {
      if (json.length() > 1) {
        json.append(',');
      }
      json.append(string(key)).append(':').append(value);
    });
    return json.append('}').toString();
  }

  static String strings(Map<String, String> values) {
    var raw = new TreeMap<String, String>();
    values.forEach((key, value) -> raw.put(key, string(value)));
    return object(raw);
  }

  static String string(String text) {
    var json = new StringBuilder(text.length() + 16).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        case '\b' -> json.append("\\b");
        case '\f' -> json.append("\\f");
        case '<', '>', '&', '\u2028', '\u2029' -> escape(json, c);
        default -> {
          if (c < 0x20) {
            escape(json, c);
          } else {
            json.append(c);
          }
        }
      }
    }
    return json.append('"').toString();
  }

  private static void escape(StringBuilder json, char c) {
    json.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      json.append(HEX.charAt((c >> shift) & 0xf));
    }
  }

  /** Go compares strings by UTF-8 bytes, which is the order of code points, not of UTF-16 units. */
  private static int compareBytes(String a, String b) {
    int[] left = a.codePoints().toArray();
    int[] right = b.codePoints().toArray();
    return java.util.Arrays.compare(left, right);
  }
}
