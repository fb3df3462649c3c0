package dev.retune.sandbox.crd;

import dev.cel.common.exceptions.CelInvalidArgumentException;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code "%s has %d".format([a, b])} of CEL's strings extension. */
final class CelFormat {
  private static final Pattern CLAUSE =
      Pattern.compile("%(?:\\.([0-9]{0,3}))?(.?)", Pattern.DOTALL);

  private CelFormat() {}

  static String format(String pattern, List<?> arguments) {
    StringBuilder text = new StringBuilder();
    int argument = 0;
    int end = 0;
    Matcher clause = CLAUSE.matcher(pattern);
    while (clause.find()) {
      text.append(pattern, end, clause.start());
      end = clause.end();
      String verb = clause.group(2);
      if (verb.isEmpty()) {
        throw wrong("could not parse formatting clause: unexpected end of string");
      } else if (verb.equals("%")) {
        text.append('%');
      } else if (argument >= arguments.size()) {
        throw wrong("index " + argument + " out of range");
      } else {
        text.append(clause(verb.charAt(0), precision(clause.group(1)), arguments.get(argument)));
        argument++;
      }
    }
    text.append(pattern, end, pattern.length());
    return text.toString();
  }

  private static int precision(@Nullable String written) {
    if (written == null) {
      return 6;
    }
    return written.isEmpty() ? 0 : Integer.parseInt(written);
  }

  private static String clause(char verb, int precision, Object value) {
    return switch (verb) {
      case 's' -> string(value);
      case 'd' -> decimal(value);
      case 'f' -> fixed(value, precision);
      case 'e' -> scientific(value, precision);
      case 'b' -> value instanceof Boolean on ? (on ? "1" : "0") : radix(value, 2);
      case 'o' -> radix(value, 8);
      case 'x' -> hex(value);
      case 'X' -> hex(value).toUpperCase(Locale.ROOT);
      default ->
          throw wrong(
              "could not parse formatting clause: unrecognized formatting clause \"" + verb + "\"");
    };
  }

  /** A value as {@code %s} writes it. */
  static String string(Object value) {
    return switch (value) {
      case String text -> text;
      case Double number -> number(number);
      case Duration duration -> seconds(duration);
      case NullValue _ -> "null";
      case CelByteString bytes -> new String(bytes.toByteArray(), StandardCharsets.UTF_8);
      case List<?> list ->
          list.stream().map(CelFormat::string).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> map -> {
        Map<String, String> sorted = new TreeMap<>();
        map.forEach((key, each) -> sorted.put(string(key), string(each)));
        yield sorted.entrySet().stream()
            .map(each -> each.getKey() + ": " + each.getValue())
            .collect(Collectors.joining(", ", "{", "}"));
      }
      default -> value.toString();
    };
  }

  private static String number(Double value) {
    if (value.isNaN()) {
      return "NaN";
    } else if (value.isInfinite()) {
      return value > 0 ? "Infinity" : "-Infinity";
    }
    return new BigDecimal(value.toString()).stripTrailingZeros().toPlainString();
  }

  private static String seconds(Duration duration) {
    BigDecimal seconds =
        BigDecimal.valueOf(duration.getSeconds())
            .add(BigDecimal.valueOf(duration.getNano(), 9))
            .stripTrailingZeros();
    return seconds.toPlainString() + "s";
  }

  private static String decimal(Object value) {
    return switch (value) {
      case Double number -> number(number);
      case Number number -> number.toString();
      default -> throw wrong("decimal clause can only be used on integers, was given " + value);
    };
  }

  private static String fixed(Object value, int precision) {
    return value instanceof Number number
        ? new BigDecimal(number.toString())
            .setScale(precision, RoundingMode.HALF_EVEN)
            .toPlainString()
        : string(value);
  }

  private static String scientific(Object value, int precision) {
    if (!(value instanceof Number number)) {
      throw wrong("scientific clause can only be used on doubles, was given " + value);
    }
    return String.format(Locale.ROOT, "%." + precision + "e", number.doubleValue());
  }

  private static String radix(Object value, int radix) {
    if (!(value instanceof Number number)) {
      throw wrong("clause of base " + radix + " can only be used on integers, was given " + value);
    }
    return Long.toString(number.longValue(), radix);
  }

  private static String hex(Object value) {
    return switch (value) {
      case String text -> HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
      case CelByteString bytes -> HexFormat.of().formatHex(bytes.toByteArray());
      default -> radix(value, 16);
    };
  }

  private static CelInvalidArgumentException wrong(String message) {
    return new CelInvalidArgumentException(message);
  }
}
