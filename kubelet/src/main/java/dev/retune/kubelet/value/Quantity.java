package dev.retune.kubelet.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * An amount of a resource as Kubernetes reads it: {@code 500m}, {@code 1Gi}, {@code 1e3}.
 *
 * @param amount the value, rounded up to nanos
 * @param text how Kubernetes writes it back: as it was given as long as it fits a 64-bit integer,
 *     in canonical form otherwise
 */
public record Quantity(BigDecimal amount, String text) {

  private static final String[] DECIMAL = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E"};
  private static final String[] BINARY = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final int MAX_EXPONENT = 10_000;
  private static final int MAX_LENGTH = 1_000;

  /** Nothing. */
  public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, "0");

  private enum Format {
    DECIMAL_SI,
    DECIMAL_EXPONENT,
    BINARY_SI
  }

  private record Suffix(Format format, int base, int exponent) {}

  /** Reads a quantity; empty when the text is none or longer than any amount needs. */
  public static Optional<Quantity> parse(String text) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    int at = 0;
    if (!text.isEmpty() && (text.charAt(0) == '+' || text.charAt(0) == '-')) {
      at = 1;
    }
    int numberFrom = at;
    int digits = 0;
    boolean point = false;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c >= '0' && c <= '9') {
        digits++;
      } else if (c == '.' && !point) {
        point = true;
      } else {
        break;
      }
      at++;
    }
    Optional<Suffix> suffix = suffix(text.substring(at));
    if (digits == 0 || suffix.isEmpty()) {
      return Optional.empty();
    }
    String number = text.substring(numberFrom, at);
    BigDecimal value = new BigDecimal(number.endsWith(".") ? number + "0" : number);
    return Optional.of(of(text, value, text.charAt(0) == '-', suffix.get()));
  }

  private static Quantity of(String text, BigDecimal number, boolean negative, Suffix suffix) {
    BigDecimal value =
        suffix.base() == 2
            ? number.multiply(new BigDecimal(BigInteger.TWO.pow(suffix.exponent())))
            : number.scaleByPowerOfTen(suffix.exponent());
    Format format = suffix.format();
    boolean nanos = value.stripTrailingZeros().scale() <= 9;
    if (!nanos) {
      value = value.setScale(9, RoundingMode.UP);
    }
    if (format == Format.BINARY_SI && value.compareTo(MAX) > 0) {
      value = MAX;
    }
    if (format == Format.BINARY_SI && value.signum() > 0 && value.compareTo(BigDecimal.ONE) < 0) {
      format = Format.DECIMAL_SI;
    }
    value = negative ? value.negate() : value;
    return keepsText(number, suffix, nanos)
        ? new Quantity(value, text)
        : new Quantity(value, canonical(value, format));
  }

  /** Kubernetes keeps the spelling of amounts whose digits fit its fast 64-bit form. */
  private static boolean keepsText(BigDecimal number, Suffix suffix, boolean nanos) {
    int whole = Math.max(0, number.precision() - number.scale());
    int fraction = Math.max(0, number.scale());
    if (suffix.base() == 2) {
      return fraction == 0 && 15 - whole - (int) (suffix.exponent() * 3 / 10.0) - 1 >= 0;
    }
    return nanos && suffix.exponent() - fraction >= -9 && 18 - whole - fraction >= 0;
  }

  private static Optional<Suffix> suffix(String suffix) {
    for (int i = 0; i < DECIMAL.length; i++) {
      if (DECIMAL[i].equals(suffix)) {
        return Optional.of(new Suffix(Format.DECIMAL_SI, 10, 3 * i - 9));
      }
    }
    for (int i = 1; i < BINARY.length; i++) {
      if (BINARY[i].equals(suffix)) {
        return Optional.of(new Suffix(Format.BINARY_SI, 2, 10 * i));
      }
    }
    if (suffix.length() > 1 && (suffix.charAt(0) == 'e' || suffix.charAt(0) == 'E')) {
      return exponent(suffix.substring(1))
          .map(exponent -> new Suffix(Format.DECIMAL_EXPONENT, 10, exponent));
    }
    return Optional.empty();
  }

  private static Optional<Integer> exponent(String text) {
    int from = text.charAt(0) == '+' || text.charAt(0) == '-' ? 1 : 0;
    if (from == text.length() || text.length() > 7) {
      return Optional.empty();
    }
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return Optional.empty();
      }
    }
    int value = Integer.parseInt(text);
    return Math.abs(value) > MAX_EXPONENT ? Optional.empty() : Optional.of(value);
  }

  private static String canonical(BigDecimal value, Format format) {
    if (value.signum() == 0) {
      return "0";
    }
    boolean binary =
        format == Format.BINARY_SI && value.abs().compareTo(BigDecimal.valueOf(1024)) >= 0;
    if (binary) {
      BigInteger rest = value.setScale(0, RoundingMode.UP).toBigInteger();
      int power = 0;
      while (power + 1 < BINARY.length
          && rest.mod(BigInteger.valueOf(1024)).signum() == 0
          && rest.signum() != 0) {
        rest = rest.shiftRight(10);
        power++;
      }
      return rest + BINARY[power];
    }
    BigDecimal plain = value.stripTrailingZeros();
    int exponent = Math.floorDiv(-plain.scale(), 3) * 3;
    BigInteger mantissa = plain.scaleByPowerOfTen(-exponent).toBigInteger();
    int index = exponent / 3 + 3;
    if (format == Format.DECIMAL_EXPONENT || index < 0 || index >= DECIMAL.length) {
      return exponent == 0 ? mantissa.toString() : mantissa + "e" + exponent;
    }
    return mantissa + DECIMAL[index];
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
