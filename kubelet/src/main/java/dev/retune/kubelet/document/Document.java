package dev.retune.kubelet.document;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A document that was read: its root and, from YAML, the keys that stand twice in one object. YAML
 * takes the last of them; JSON keeps all, because the kubelet merges nested objects given twice.
 */
public record Document(Node root, List<Node.Entry> repeatedKeys) {

  /** The most bytes that are read; a ConfigMap holds no more. */
  public static final int MAX_BYTES = 1 << 20;

  /** The deepest nesting that is read. The kubelet's own types need five levels. */
  public static final int MAX_DEPTH = 64;

  /**
   * Reads JSON when the first character is a brace and YAML otherwise, as the kubelet decides it.
   *
   * @throws UnreadableException for bad syntax, more than {@link #MAX_BYTES}, nesting deeper than
   *     {@link #MAX_DEPTH}, and YAML aliases that expand to an unreasonable size
   */
  public static Document read(byte[] bytes) throws UnreadableException {
    if (bytes.length > MAX_BYTES) {
      throw new UnreadableException(
          "the document has " + bytes.length + " bytes; at most " + MAX_BYTES + " are read", 0, 0);
    }
    if (startsWithBrace(bytes)) {
      return new Document(JsonReader.read(bytes), List.of());
    }
    if (startsWith(bytes, 'k', '8', 's', 0)) {
      throw new UnreadableException("this is protobuf; a kubelet reads JSON or YAML", 0, 0);
    }
    return YamlReader.read(text(bytes));
  }

  private static boolean startsWithBrace(byte[] bytes) {
    int at = 0;
    while (at < bytes.length && isSpace(bytes[at])) {
      at++;
    }
    if (at < bytes.length && bytes[at] < 0) {
      String text =
          new String(bytes, at, Math.min(4096, bytes.length - at), StandardCharsets.UTF_8);
      int first = 0;
      while (first < text.length() && isSpace(text.charAt(first))) {
        first++;
      }
      return first < text.length() && text.charAt(first) == '{';
    }
    return at < bytes.length && bytes[at] == '{';
  }

  private static boolean isSpace(int c) {
    return (c >= '\t' && c <= '\r') || c == 0x85 || Character.isSpaceChar(c);
  }

  private static boolean startsWith(byte[] bytes, int... prefix) {
    if (bytes.length < prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if ((bytes[i] & 0xff) != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  private static String text(byte[] bytes) throws UnreadableException {
    Charset charset = StandardCharsets.UTF_8;
    int from = 0;
    if (startsWith(bytes, 0xef, 0xbb, 0xbf)) {
      from = 3;
    } else if (startsWith(bytes, 0xfe, 0xff)) {
      charset = StandardCharsets.UTF_16BE;
      from = 2;
    } else if (startsWith(bytes, 0xff, 0xfe)) {
      charset = StandardCharsets.UTF_16LE;
      from = 2;
    }
    try {
      return charset
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes, from, bytes.length - from))
          .toString();
    } catch (CharacterCodingException e) {
      throw new UnreadableException("the document is not valid " + charset.name(), 0, 0);
    }
  }
}
