package dev.retune.sandbox.node;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kubernetes resource quantities, as far as reservations and thresholds need them: {@code 900Gi},
 * {@code 500m}, {@code 1e3}.
 */
final class Quantity {

  private static final Pattern SYNTAX =
      Pattern.compile(
          "([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+))(?:([KMGTPE]i)|([numkMGTPE])|[eE]([+-]?[0-9]{1,3}))?");

  private Quantity() {}

  /** The number it stands for: bytes, CPUs, process ids. */
  static Optional<BigDecimal> parse(String text) {
    Matcher matcher = SYNTAX.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    BigDecimal number = new BigDecimal(matcher.group(1));
    if (matcher.group(2) != null) {
      int power = "KMGTPE".indexOf(matcher.group(2).charAt(0)) + 1;
      return Optional.of(number.multiply(BigDecimal.TWO.pow(10 * power)));
    }
    if (matcher.group(3) != null) {
      int power =
          switch (matcher.group(3).charAt(0)) {
            case 'n' -> -9;
            case 'u' -> -6;
            case 'm' -> -3;
            case 'k' -> 3;
            case 'M' -> 6;
            case 'G' -> 9;
            case 'T' -> 12;
            case 'P' -> 15;
            default -> 18;
          };
      return Optional.of(number.scaleByPowerOfTen(power));
    }
    if (matcher.group(4) != null) {
      return Optional.of(number.scaleByPowerOfTen(Integer.parseInt(matcher.group(4))));
    }
    return Optional.of(number);
  }
}
