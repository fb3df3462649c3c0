package dev.retune.cli.demo;

import java.util.ArrayList;
import java.util.List;

/** The lines in which two texts differ, as {@code diff} marks them. */
final class LineDiff {
  private LineDiff() {}

  /**
   * Lines of {@code before} that are gone with {@code - }, new ones of {@code after} with {@code +
   * }.
   */
  static List<String> of(String before, String after) {
    var left = before.lines().toList();
    var right = after.lines().toList();
    int[][] common = new int[left.size() + 1][right.size() + 1];
    for (int i = left.size() - 1; i >= 0; i--) {
      for (int j = right.size() - 1; j >= 0; j--) {
        common[i][j] =
            left.get(i).equals(right.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    var changed = new ArrayList<String>();
    int i = 0;
    int j = 0;
    while (i < left.size() || j < right.size()) {
      if (i < left.size() && j < right.size() && left.get(i).equals(right.get(j))) {
        i++;
        j++;
      } else if (i < left.size() && (j == right.size() || common[i + 1][j] >= common[i][j + 1])) {
        changed.add("- " + left.get(i++));
      } else {
        changed.add("+ " + right.get(j++));
      }
    }
    return changed;
  }
}
