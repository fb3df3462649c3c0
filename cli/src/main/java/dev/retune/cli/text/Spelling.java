package dev.retune.cli.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** What a person may have meant by a word that is not known. */
public final class Spelling {
  private static final int MOST = 3;

  private Spelling() {}

  /** Known words that differ from {@code word} by few letters, or begin with it; nearest first. */
  public static List<String> near(String word, Collection<String> known) {
    int tolerance = Math.max(1, word.length() / 3);
    return known.stream()
        .filter(other -> other.startsWith(word) || distance(word, other) <= tolerance)
        .sorted(
            Comparator.comparingInt((String other) -> distance(word, other))
                .thenComparing(other -> other))
        .limit(MOST)
        .toList();
  }

  /** Levenshtein's distance, where two letters that changed places count as one mistake. */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        cost[i][j] =
            Math.min(Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1), cost[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
