package dev.retune.kubelet.value;

import java.util.Collection;
import java.util.Locale;

/** Wording shared by all complaints. */
public final class Words {

  private static final int LONGEST = 80;

  private Words() {}

  /** The text without what would break a line or fill a screen. */
  public static String shortened(String text) {
    boolean clean = text.length() <= LONGEST;
    for (int i = 0; clean && i < text.length(); i++) {
      clean = !Character.isISOControl(text.charAt(i));
    }
    if (clean) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length() && i < LONGEST; i++) {
      out.append(Character.isISOControl(text.charAt(i)) ? '\ufffd' : text.charAt(i));
    }
    return text.length() > LONGEST ? out.append('\u2026').toString() : out.toString();
  }

  /** The text in quotation marks. */
  public static String quoted(String text) {
    return '"' + shortened(text) + '"';
  }

  /** {@code , did you mean "maxPods"?}, or nothing when no candidate is near. */
  public static String didYouMean(String given, Collection<String> candidates) {
    String best = "";
    int least = given.length() < 5 ? 2 : 3;
    if (given.length() <= LONGEST) {
      for (String candidate : candidates) {
        int distance =
            candidate.equalsIgnoreCase(given) ? 0 : distance(lower(given), lower(candidate), least);
        if (distance < least) {
          least = distance;
          best = candidate;
        }
      }
    }
    return best.isEmpty() ? "" : "; did you mean " + quoted(best) + "?";
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Edits (insert, delete, replace, swap neighbours) between two words, or the limit. */
  private static int distance(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) >= limit) {
      return limit;
    }
    int[] before = new int[b.length() + 1];
    int[] previous = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int edits = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + same);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          edits = Math.min(edits, before[j - 2] + 1);
        }
        current[j] = edits;
      }
      int[] free = before;
      before = previous;
      previous = current;
      current = free;
    }
    return previous[b.length()];
  }
}
