package dev.retune.kubelet.document;

import java.math.BigInteger;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a YAML scalar means to a kubelet: YAML 1.1 as the Go library reads it (yes and off are
 * booleans, a leading zero means octal, base 60 does not exist, timestamps are strings).
 */
final class YamlScalars {

  private static final String TAG = "tag:yaml.org,2002:";
  private static final BigInteger MAX_UINT64 = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
  private static final BigInteger MIN_INT64 = BigInteger.TWO.pow(63).negate();
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

  /** Numbers that start with their point are read by the rules of Go's own literals. */
  private static final Pattern FRACTION =
      Pattern.compile("\\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?");

  private static final String DATE = "[0-9]{4}-(1[0-2]|0?[1-9])-(3[01]|[12][0-9]|0?[1-9])";
  private static final String TIME = "(2[0-3]|[01]?[0-9]):[0-5]?[0-9]:[0-5]?[0-9]([.,][0-9]+)?";
  private static final Pattern TIMESTAMP =
      Pattern.compile(DATE + "([Tt]" + TIME + "(Z|[-+][0-9]{2}:[0-9]{2})| " + TIME + ")?");

  private static final Map<String, Scalar> WORDS = words();

  /** The kinds of values that YAML tells apart. */
  enum Kind {
    NULL("null"),
    BOOL("bool"),
    INT("int"),
    FLOAT("float"),
    STRING("str");

    private final String tag;

    Kind(String tag) {
      this.tag = tag;
    }
  }

  /**
   * A value; as a key it is the same as another of the same kind and text.
   *
   * @param text a string, or the spelling JSON has for it
   */
  record Scalar(Kind kind, String text) {

    Node node(int line, int column) {
      return switch (kind) {
        case NULL -> new Node.Null(line, column);
        case BOOL -> new Node.Bool(text.equals("true"), line, column);
        case INT, FLOAT -> new Node.Numeral(text, line, column);
        case STRING -> new Node.Text(text, line, column);
      };
    }

    /** Whether JSON can hold it. */
    boolean isFinite() {
      return kind != Kind.FLOAT || (text.charAt(0) != '.' && !text.startsWith("-."));
    }

    /** Whether it can be a key: whole numbers beyond 63 bits cannot. */
    boolean isKey() {
      return kind != Kind.NULL
          && (kind != Kind.INT || new BigInteger(text).bitLength() < Long.SIZE);
    }

    /** The key it becomes in JSON. */
    String name() {
      return kind == Kind.FLOAT && isFinite() ? GoFloats.key(Double.parseDouble(text)) : text;
    }
  }

  private YamlScalars() {}

  /**
   * Resolves a scalar.
   *
   * @param tag the explicit tag; empty when there is none
   * @param plain whether the spelling decides; a quoted string without a tag is a string
   */
  static Scalar resolve(String tag, boolean plain, String text, YamlToken at)
      throws UnreadableException {
    if (tag.isEmpty()) {
      return plain ? plain(text) : new Scalar(Kind.STRING, text);
    }
    String type = tag.startsWith(TAG) ? tag.substring(TAG.length()) : "";
    return switch (type) {
      case "binary" -> binary(text, at);
      case "bool", "int", "float", "null", "timestamp" -> tagged(type, text, at);
      default -> new Scalar(Kind.STRING, text);
    };
  }

  /** Whether a key merges another object into the one it stands in. */
  static boolean isMerge(String tag, boolean plain, String text) {
    return text.equals("<<") && (plain || tag.equals("!") || tag.equals(TAG + "merge"));
  }

  private static Scalar tagged(String type, String text, YamlToken at) throws UnreadableException {
    if (type.equals("timestamp") && TIMESTAMP.matcher(text).matches()) {
      return new Scalar(Kind.STRING, text);
    }
    Scalar scalar = plain(text);
    if (scalar.kind().tag.equals(type)) {
      return scalar;
    }
    if (type.equals("float") && scalar.kind() == Kind.INT && scalar.isKey()) {
      return new Scalar(Kind.FLOAT, GoFloats.json(Double.parseDouble(scalar.text())));
    }
    throw new UnreadableException("\"" + text + "\" is tagged !!" + type, at.line(), at.column());
  }

  private static Scalar binary(String text, YamlToken at) throws UnreadableException {
    try {
      String oneLine = text.replace("\n", "").replace("\r", "");
      if (oneLine.length() % 4 != 0) {
        throw new IllegalArgumentException("padding is missing");
      }
      byte[] bytes = Base64.getDecoder().decode(oneLine);
      return new Scalar(Kind.STRING, GoText.decode(bytes));
    } catch (IllegalArgumentException e) {
      throw new UnreadableException("a !!binary value that is not base64", at.line(), at.column());
    }
  }

  private static Scalar plain(String text) {
    Scalar word = WORDS.get(text);
    if (word != null) {
      return word;
    }
    char first = text.charAt(0);
    if (first == '.') {
      return FRACTION.matcher(text).matches()
          ? floating(text, text.replace("_", ""))
          : new Scalar(Kind.STRING, text);
    }
    if (first != '+' && first != '-' && !isDigit(first)) {
      return new Scalar(Kind.STRING, text);
    }
    String plain = text.indexOf('_') < 0 ? text : text.replace("_", "");
    String integer = integer(plain);
    if (!integer.isEmpty()) {
      return new Scalar(Kind.INT, integer);
    }
    return FLOAT.matcher(plain).matches() ? floating(text, plain) : new Scalar(Kind.STRING, text);
  }

  private static Scalar floating(String text, String plain) {
    double value = Double.parseDouble(plain);
    return Double.isInfinite(value)
        ? new Scalar(Kind.STRING, text)
        : new Scalar(Kind.FLOAT, GoFloats.json(value));
  }

  private static String integer(String text) {
    boolean signed = !text.isEmpty() && (text.charAt(0) == '+' || text.charAt(0) == '-');
    int at = signed ? 1 : 0;
    int radix = 10;
    if (at + 1 < text.length() && text.charAt(at) == '0') {
      char prefix = Character.toLowerCase(text.charAt(at + 1));
      radix = prefix == 'x' ? 16 : prefix == 'b' ? 2 : 8;
      at += prefix == 'x' || prefix == 'b' || prefix == 'o' ? 2 : 1;
    }
    if (at >= text.length()) {
      return "";
    }
    for (int i = at; i < text.length(); i++) {
      if (text.charAt(i) > 'f' || Character.digit(text.charAt(i), radix) < 0) {
        return "";
      }
    }
    while (at + 1 < text.length() && text.charAt(at) == '0') {
      at++;
    }
    if (text.length() - at > Long.SIZE) {
      return "";
    }
    BigInteger value = new BigInteger(text.substring(at), radix);
    if (text.charAt(0) == '-') {
      value = value.negate();
    }
    boolean fits =
        value.compareTo(MIN_INT64) >= 0
            && (signed ? value.bitLength() < Long.SIZE : value.compareTo(MAX_UINT64) <= 0);
    return fits ? value.toString() : "";
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static Map<String, Scalar> words() {
    Map<String, Scalar> words = new HashMap<>();
    put(words, Kind.BOOL, "true", "y", "Y", "yes", "Yes", "YES", "on", "On", "ON");
    put(words, Kind.BOOL, "true", "true", "True", "TRUE");
    put(words, Kind.BOOL, "false", "n", "N", "no", "No", "NO", "off", "Off", "OFF");
    put(words, Kind.BOOL, "false", "false", "False", "FALSE");
    put(words, Kind.NULL, "null", "", "~", "null", "Null", "NULL");
    put(words, Kind.FLOAT, ".nan", ".nan", ".NaN", ".NAN");
    put(words, Kind.FLOAT, ".inf", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF");
    put(words, Kind.FLOAT, "-.inf", "-.inf", "-.Inf", "-.INF");
    return Map.copyOf(words);
  }

  private static void put(Map<String, Scalar> words, Kind kind, String text, String... spellings) {
    for (String spelling : spellings) {
      words.put(spelling, new Scalar(kind, text));
    }
  }
}
