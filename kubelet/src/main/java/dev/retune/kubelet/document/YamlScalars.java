package dev.retune.kubelet.document;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * What a YAML scalar means to a kubelet: YAML 1.1 as the Go library reads it (yes and off are
 * booleans, a leading zero means octal, base 60 does not exist, timestamps are strings).
 */
final class YamlScalars {

  private static final String TAG = "tag:yaml.org,2002:";
  private static final BigInteger MAX_UINT64 = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
  private static final BigInteger MIN_INT64 = BigInteger.TWO.pow(63).negate();

  private enum Word {
    TRUE,
    FALSE,
    NULL,
    NOT_FINITE
  }

  private static final Map<String, Word> WORDS = words();

  private YamlScalars() {}

  /**
   * Resolves a scalar.
   *
   * @param tag the explicit tag; empty when there is none
   * @param resolvable whether the spelling decides; a quoted string without a tag is a string
   */
  static Node resolve(String tag, boolean resolvable, String text, int line, int column)
      throws UnreadableException {
    if (tag.isEmpty() && !resolvable) {
      return new Node.Text(text, line, column);
    }
    if (!tag.isEmpty() && !tag.startsWith(TAG)) {
      return new Node.Text(text, line, column);
    }
    String type = tag.isEmpty() ? "" : tag.substring(TAG.length());
    return switch (type) {
      case "" -> plain(text, line, column);
      case "str" -> new Node.Text(text, line, column);
      case "binary" -> binary(text, line, column);
      case "bool", "int", "float", "null" -> tagged(type, text, line, column);
      default -> new Node.Text(text, line, column);
    };
  }

  private static Node tagged(String type, String text, int line, int column)
      throws UnreadableException {
    Node node = plain(text, line, column);
    boolean fits =
        switch (node) {
          case Node.Bool b -> type.equals("bool");
          case Node.Null n -> type.equals("null");
          case Node.Numeral n -> type.equals("float") || (type.equals("int") && isWhole(n.text()));
          case Node.Text t -> false;
          case Node.Sequence s -> false;
          case Node.Mapping m -> false;
        };
    if (!fits) {
      throw new UnreadableException("\"" + text + "\" is tagged !!" + type, line, column);
    }
    return node;
  }

  private static boolean isWhole(String number) {
    return number.indexOf('.') < 0 && number.indexOf('E') < 0;
  }

  private static Node binary(String text, int line, int column) throws UnreadableException {
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(text);
      return new Node.Text(new String(bytes, StandardCharsets.UTF_8), line, column);
    } catch (IllegalArgumentException e) {
      throw new UnreadableException("a !!binary value that is not base64", line, column);
    }
  }

  private static Node plain(String text, int line, int column) throws UnreadableException {
    Word word = WORDS.get(text);
    if (word != null) {
      return switch (word) {
        case TRUE -> new Node.Bool(true, line, column);
        case FALSE -> new Node.Bool(false, line, column);
        case NULL -> new Node.Null(line, column);
        case NOT_FINITE ->
            throw new UnreadableException(
                text + " cannot be carried over to JSON, as the kubelet does", line, column);
      };
    }
    String number = number(text);
    return number.isEmpty()
        ? new Node.Text(text, line, column)
        : new Node.Numeral(number, line, column);
  }

  /** The number in JSON's spelling; empty when the text is no number. */
  private static String number(String text) {
    char first = text.charAt(0);
    if (first == '.') {
      return isDecimal(text) ? finite(text) : "";
    }
    if (first != '+' && first != '-' && !isDigit(first)) {
      return "";
    }
    String plain = text.indexOf('_') < 0 ? text : text.replace("_", "");
    String integer = integer(plain);
    if (!integer.isEmpty()) {
      return integer;
    }
    return isDecimal(plain) ? finite(plain) : "";
  }

  private static String integer(String text) {
    int at = 0;
    boolean signed = !text.isEmpty() && (text.charAt(0) == '+' || text.charAt(0) == '-');
    boolean negative = signed && text.charAt(0) == '-';
    if (signed) {
      at = 1;
    }
    int radix = 10;
    if (at + 1 < text.length() && text.charAt(at) == '0') {
      char prefix = Character.toLowerCase(text.charAt(at + 1));
      radix = prefix == 'x' ? 16 : prefix == 'b' ? 2 : 8;
      at += prefix == 'x' || prefix == 'b' || prefix == 'o' ? 2 : 1;
    }
    if (at >= text.length() || text.length() - at > 64) {
      return "";
    }
    for (int i = at; i < text.length(); i++) {
      if (text.charAt(i) > 'f' || Character.digit(text.charAt(i), radix) < 0) {
        return "";
      }
    }
    BigInteger value = new BigInteger(text.substring(at), radix);
    if (negative) {
      value = value.negate();
    }
    boolean fits =
        value.compareTo(MIN_INT64) >= 0
            && (signed ? value.bitLength() <= 63 : value.compareTo(MAX_UINT64) <= 0);
    return fits ? value.toString() : "";
  }

  /** Digits with an optional sign, point and exponent, and at least one digit before the latter. */
  private static boolean isDecimal(String text) {
    int at = 0;
    if (text.charAt(0) == '+' || text.charAt(0) == '-') {
      at = 1;
    }
    int whole = digits(text, at);
    at += whole;
    if (at < text.length() && text.charAt(at) == '.') {
      int fraction = digits(text, at + 1);
      if (whole + fraction == 0) {
        return false;
      }
      at += 1 + fraction;
    } else if (whole == 0) {
      return false;
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      at++;
      if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
        at++;
      }
      int exponent = digits(text, at);
      if (exponent == 0) {
        return false;
      }
      at += exponent;
    }
    return at == text.length();
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
    return at - from;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** The double as Go writes it to JSON: whole numbers below 1e21 without a point. */
  private static String finite(String text) {
    double value = Double.parseDouble(text);
    if (Double.isInfinite(value)) {
      return "";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e21) {
      return new BigDecimal(Double.toString(value)).toBigInteger().toString();
    }
    return Double.toString(value);
  }

  private static Map<String, Word> words() {
    Map<String, Word> words = new HashMap<>();
    for (String s : new String[] {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE"}) {
      words.put(s, Word.TRUE);
    }
    for (String s : new String[] {"n", "N", "no", "No", "NO", "false", "False", "FALSE"}) {
      words.put(s, Word.FALSE);
    }
    for (String s : new String[] {"on", "On", "ON"}) {
      words.put(s, Word.TRUE);
    }
    for (String s : new String[] {"off", "Off", "OFF"}) {
      words.put(s, Word.FALSE);
    }
    for (String s : new String[] {"", "~", "null", "Null", "NULL"}) {
      words.put(s, Word.NULL);
    }
    for (String s : new String[] {".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF"}) {
      words.put(s, Word.NOT_FINITE);
    }
    for (String s : new String[] {"+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF"}) {
      words.put(s, Word.NOT_FINITE);
    }
    return Map.copyOf(words);
  }
}
