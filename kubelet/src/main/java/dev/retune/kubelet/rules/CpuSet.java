package dev.retune.kubelet.rules;

/** The notation of Linux for sets of CPUs: {@code 0-5,34,46-48}. */
final class CpuSet {

  private static final String LONGEST = Long.toString(Long.MAX_VALUE);

  private CpuSet() {}

  static boolean isValid(String text) {
    for (String range : text.split(",", -1)) {
      int dash = range.indexOf('-');
      if (dash < 0) {
        if (!isNumber(range)) {
          return false;
        }
        continue;
      }
      String from = range.substring(0, dash);
      String to = range.substring(dash + 1);
      if (!isNumber(from) || !isNumber(to) || Long.parseLong(from) > Long.parseLong(to)) {
        return false;
      }
    }
    return true;
  }

  /** Digits with an optional sign, within 64 bits; leading zeros do not count. */
  private static boolean isNumber(String text) {
    int from = !text.isEmpty() && (text.charAt(0) == '+' || text.charAt(0) == '-') ? 1 : 0;
    int significant = from;
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
      significant += i == significant && text.charAt(i) == '0' ? 1 : 0;
    }
    int digits = text.length() - significant;
    return text.length() > from
        && (digits < LONGEST.length()
            || (digits == LONGEST.length() && text.substring(significant).compareTo(LONGEST) <= 0));
  }
}
