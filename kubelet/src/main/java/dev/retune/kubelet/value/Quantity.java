package dev.retune.kubelet.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of a resource as Kubernetes reads it: {@code 500m}, {@code 1Gi}, {@code 1e3}.
 *
 * @param amount the value, rounded up to nanos
 * @param text how Kubernetes writes it back: as it was given when that is what it would write
 *     anyway or near to it, in canonical form otherwise
 */
public record Quantity(BigDecimal amount, String text) {

  private static final String[] DECIMAL = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E"};
  private static final String[] BINARY = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final BigDecimal KIBI = BigDecimal.valueOf(1024);
  private static final int MAX_EXPONENT = 10_000;
  private static final int MAX_LENGTH = 1_000;

  /** Leading zeros stand for themselves; the digits may all be missing. */
  private static final Pattern FORM =
      Pattern.compile("([-+]?)(0*)([0-9]*)(\\.([0-9]*))?([a-zA-Z]*)([-+]?[0-9]*)");

  /** Nothing. */
  public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, "0");

  private enum Format {
    DECIMAL_SI,
    DECIMAL_EXPONENT,
    BINARY_SI
  }

  private record Suffix(Format format, int base, int exponent) {}

  /** The parts of the number: leading zeros, other digits before the point, and after it. */
  private record Digits(boolean negative, String zeros, String whole, String fraction) {

    boolean isEmpty() {
      return zeros.isEmpty() && whole.isEmpty() && fraction.isEmpty();
    }

    String all() {
      return (whole.isEmpty() ? "0" : whole) + fraction;
    }

    int count() {
      return all().length();
    }

    BigDecimal value() {
      return new BigDecimal(new BigInteger(all()), fraction.length());
    }
  }

  /** Reads a quantity; empty when the text is none or longer than any amount needs. */
  public static Optional<Quantity> parse(String text) {
    return matcher(text)
        .flatMap(matcher ->
            suffix(matcher.group(6), matcher.group(7))
                .flatMap(suffix -> of(text, digits(matcher), suffix)));
  }

  /**
   * The amount as a 64-bit integer where Kubernetes takes it for one ({@code Quantity.AsInt64}). It
   * goes by the spelling: {@code 1.5k} and {@code 1536Mi} are integers to it; {@code 1.0}, {@code
   * 1000m} and {@code 1.5Gi} are not.
   */
  public static OptionalLong asInt64(String text) {
    Optional<Matcher> matcher = matcher(text);
    Optional<Suffix> suffix = matcher.flatMap(m -> suffix(m.group(6), m.group(7)));
    if (suffix.isEmpty()) {
      return OptionalLong.empty();
    }
    Digits digits = digits(matcher.get());
    int power = suffix.get().base() == 2 ? 0 : suffix.get().exponent();
    BigDecimal value = scaled(digits.value(), suffix.get());
    if (!isFast(digits.value(), digits, suffix.get())
        || power < digits.fraction().length()
        || value.compareTo(MAX) > 0) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(digits.negative() ? -value.longValueExact() : value.longValueExact());
  }

  private static Optional<Matcher> matcher(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    Matcher matcher = FORM.matcher(text);
    return matcher.matches() ? Optional.of(matcher) : Optional.empty();
  }

  private static Digits digits(Matcher matcher) {
    String fraction = matcher.group(5);
    return new Digits(
        matcher.group(1).equals("-"),
        matcher.group(2),
        matcher.group(3),
        fraction == null ? "" : fraction);
  }

  /** Without the blanks at its ends that Kubernetes does not mind; others cannot be there. */
  static String trimmed(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isBlank(text.charAt(from))) {
      from++;
    }
    while (from < to && isBlank(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  /** Control characters are none of them: the kubelet sees their escapes. */
  private static boolean isBlank(char c) {
    return Character.getType(c) == Character.SPACE_SEPARATOR || c == '\u0085';
  }

  private static Optional<Quantity> of(String text, Digits digits, Suffix suffix) {
    BigDecimal number = digits.value();
    if (isFast(number, digits, suffix)) {
      BigDecimal value =
          digits.negative() ? scaled(number, suffix).negate() : scaled(number, suffix);
      boolean kept = isCanonical(number, digits, suffix);
      return Optional.of(new Quantity(value, kept ? text : canonical(value, suffix.format())));
    }
    if (digits.isEmpty()) {
      return Optional.empty();
    }
    BigDecimal value = scaled(number, suffix);
    if (value.scale() > 9) {
      value = value.setScale(9, RoundingMode.UP);
    }
    Format format = suffix.format();
    if (format == Format.BINARY_SI && value.compareTo(MAX) > 0) {
      value = MAX;
    }
    if (format == Format.BINARY_SI && value.signum() > 0 && value.compareTo(BigDecimal.ONE) < 0) {
      format = Format.DECIMAL_SI;
    }
    value = digits.negative() ? value.negate() : value;
    return Optional.of(new Quantity(value, canonical(value, format)));
  }

  private static BigDecimal scaled(BigDecimal number, Suffix suffix) {
    return suffix.base() == 2
        ? number.multiply(new BigDecimal(BigInteger.TWO.pow(suffix.exponent())))
        : number.scaleByPowerOfTen(suffix.exponent());
  }

  /** Whether Kubernetes has the amount in 64 bits; only then it may keep the spelling. */
  private static boolean isFast(BigDecimal number, Digits digits, Suffix suffix) {
    if (suffix.base() != 2) {
      return digits.count() <= 18 && suffix.exponent() - digits.fraction().length() >= -9;
    }
    return digits.fraction().isEmpty()
        && 15 - digits.count() - suffix.exponent() * 3 / 10 - 1 >= 0
        && scaled(number, suffix).compareTo(MAX) <= 0;
  }

  private static boolean isCanonical(BigDecimal number, Digits digits, Suffix suffix) {
    if (suffix.format() == Format.BINARY_SI) {
      return (number.longValue() & 7) != 0;
    }
    String all = digits.all();
    return (suffix.exponent() - digits.fraction().length()) % 3 == 0
        && !all.endsWith("000")
        && all.charAt(0) != '0';
  }

  private static Optional<Suffix> suffix(String letters, String exponent) {
    if (exponent.isEmpty()) {
      for (int i = 0; i < DECIMAL.length; i++) {
        if (DECIMAL[i].equals(letters)) {
          return Optional.of(new Suffix(Format.DECIMAL_SI, 10, 3 * i - 9));
        }
      }
      for (int i = 1; i < BINARY.length; i++) {
        if (BINARY[i].equals(letters)) {
          return Optional.of(new Suffix(Format.BINARY_SI, 2, 10 * i));
        }
      }
      return Optional.empty();
    }
    boolean isExponent = letters.equals("e") || letters.equals("E");
    if (!isExponent
        || exponent.length() > 7
        || !Character.isDigit(exponent.charAt(exponent.length() - 1))) {
      return Optional.empty();
    }
    int value = Integer.parseInt(exponent);
    return Math.abs(value) > MAX_EXPONENT
        ? Optional.empty()
        : Optional.of(new Suffix(Format.DECIMAL_EXPONENT, 10, value));
  }

  private static String canonical(BigDecimal value, Format format) {
    if (value.signum() == 0) {
      return "0";
    }
    BigDecimal plain = value.stripTrailingZeros();
    if (format == Format.BINARY_SI && value.abs().compareTo(KIBI) >= 0 && plain.scale() <= 0) {
      BigInteger rest = plain.toBigIntegerExact();
      int power = 0;
      while (power + 1 < BINARY.length && rest.getLowestSetBit() >= 10) {
        rest = rest.shiftRight(10);
        power++;
      }
      return rest + BINARY[power];
    }
    int exponent = Math.floorDiv(-plain.scale(), 3) * 3;
    BigInteger mantissa = plain.scaleByPowerOfTen(-exponent).toBigInteger();
    if (format == Format.DECIMAL_EXPONENT) {
      return exponent == 0 ? mantissa.toString() : mantissa + "e" + exponent;
    }
    int index = exponent / 3 + 3;
    // Beyond its largest suffix Kubernetes writes none at all.
    return index < DECIMAL.length ? mantissa + DECIMAL[index] : mantissa.toString();
  }

  /** The same without what is finer than thousandths, rounded away from zero. */
  public Quantity roundedUpToMilli() {
    if (amount.stripTrailingZeros().scale() <= 3) {
      return this;
    }
    BigDecimal rounded = amount.setScale(3, RoundingMode.UP);
    return new Quantity(rounded, canonical(rounded, Format.DECIMAL_SI));
  }

  /** Whether the amount is nothing. */
  public boolean isZero() {
    return amount.signum() == 0;
  }

  @Override
  public String toString() {
    return text;
  }
}
