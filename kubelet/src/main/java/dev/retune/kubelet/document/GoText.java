package dev.retune.kubelet.document;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Text as Go makes it of bytes and escapes that are none: a replacement character for each. */
final class GoText {

  private static final char REPLACEMENT = '\ufffd';

  private GoText() {}

  /** Decodes UTF-8, with a replacement for each byte that is part of no character. */
  static String decode(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length + 1);
    CoderResult result = decoder.decode(in, out, true);
    while (result.isMalformed()) {
      for (int i = 0; i < result.length(); i++) {
        out.put(REPLACEMENT);
      }
      in.position(in.position() + result.length());
      result = decoder.decode(in, out, true);
    }
    return out.flip().toString();
  }

  /** JSON in which half a surrogate pair, as an escape, is replaced in place. */
  static String withoutHalfPairs(String json) {
    StringBuilder out = new StringBuilder(json);
    int at = json.indexOf('\\');
    while (at >= 0 && at + 1 < json.length()) {
      int unit = escaped(json, at);
      int next = at + (unit < 0 ? 2 : 6);
      if (unit >= 0 && Character.isSurrogate((char) unit)) {
        int second = escaped(json, next);
        if (second >= 0 && Character.isSurrogatePair((char) unit, (char) second)) {
          next += 6;
        } else {
          out.replace(at, next, "\\ufffd");
        }
      }
      at = json.indexOf('\\', next);
    }
    return out.toString();
  }

  /** The UTF-16 unit that is escaped there; -1 when none is. */
  private static int escaped(String json, int at) {
    if (at + 6 > json.length() || json.charAt(at) != '\\' || json.charAt(at + 1) != 'u') {
      return -1;
    }
    int unit = 0;
    for (int i = at + 2; i < at + 6; i++) {
      int digit = json.charAt(i) > 'f' ? -1 : Character.digit(json.charAt(i), 16);
      if (digit < 0) {
        return -1;
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }
}
