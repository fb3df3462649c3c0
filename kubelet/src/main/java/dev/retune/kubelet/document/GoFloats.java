package dev.retune.kubelet.document;

import java.math.BigDecimal;

/** Floating-point numbers in the spellings that Go has for them. */
final class GoFloats {

  private GoFloats() {}

  /** As in JSON: plain from 1e-6 up to 1e21, with an exponent beyond. */
  static String json(double value) {
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    double size = Math.abs(value);
    return size < 1e-6 || size >= 1e21 ? scientific(shortest, 1) : shortest.toPlainString();
  }

  /** As the key of an object: with the precision of a float, and an exponent early. */
  static String key(double value) {
    float single = (float) value;
    if (Float.isInfinite(single)) {
      return single < 0 ? "-.inf" : ".inf";
    }
    if (single == 0) {
      return 1 / single < 0 ? "-0" : "0";
    }
    BigDecimal shortest = new BigDecimal(Float.toString(single)).stripTrailingZeros();
    int exponent = shortest.precision() - shortest.scale() - 1;
    return exponent < -4 || exponent >= 6 ? scientific(shortest, 2) : shortest.toPlainString();
  }

  /** The exponent of one digit gets a zero before it, but JSON has none before a negative one. */
  private static String scientific(BigDecimal value, int negativeDigits) {
    String digits = value.unscaledValue().abs().toString();
    int exponent = digits.length() - value.scale() - 1;
    String size = Integer.toString(Math.abs(exponent));
    boolean padded = size.length() < (exponent < 0 ? negativeDigits : 2);
    return (value.signum() < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + (padded ? "0" : "")
        + size;
  }
}
