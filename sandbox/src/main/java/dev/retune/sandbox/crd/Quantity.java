package dev.retune.sandbox.crd;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code resource.Quantity}: {@code 1500m}, {@code 2Gi}, {@code 1e3}; equal when of equal value.
 */
record Quantity(BigDecimal value) {
  private static final Pattern SYNTAX =
      Pattern.compile(
          "([+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+))"
              + "(?:(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E)|[eE]([+-]?[0-9]{1,9}))?");
  private static final Map<String, Integer> DECIMAL =
      Map.of("n", -9, "u", -6, "m", -3, "k", 3, "M", 6, "G", 9, "T", 12, "P", 15, "E", 18);
  private static final String BINARY = "KMGTPE";

  Quantity {
    value = value.stripTrailingZeros();
  }

  static Optional<Quantity> parse(String text) {
    Matcher matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    BigDecimal number = new BigDecimal(matcher.group(1));
    String suffix = matcher.group(2);
    if (matcher.group(3) != null) {
      int exponent = Integer.parseInt(matcher.group(3));
      return Math.abs(exponent) > 1000
          ? Optional.empty()
          : Optional.of(new Quantity(number.scaleByPowerOfTen(exponent)));
    } else if (suffix == null) {
      return Optional.of(new Quantity(number));
    } else if (suffix.endsWith("i")) {
      int power = BINARY.indexOf(suffix.charAt(0)) + 1;
      return Optional.of(new Quantity(number.multiply(BigDecimal.valueOf(1024).pow(power))));
    }
    return Optional.of(new Quantity(number.scaleByPowerOfTen(DECIMAL.getOrDefault(suffix, 0))));
  }

  Quantity plus(BigDecimal other) {
    return new Quantity(value.add(other));
  }

  Quantity minus(BigDecimal other) {
    return new Quantity(value.subtract(other));
  }

  boolean isInteger() {
    return value.setScale(0, RoundingMode.UP).compareTo(value) == 0
        && value.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;
  }

  @Override
  public String toString() {
    return value.toPlainString();
  }
}
