package dev.retune.cli.text;

import java.util.ArrayList;
import java.util.List;

/** The lines in which two texts differ, as {@code diff} marks them. */
public final class LineDiff {
  private static final int CONTEXT = 3;

  /** The largest table of common lines; beyond it all lines in question count as changed. */
  private static final long MOST_CELLS = 16_000_000;

  /** A line and its mark: a space, a minus or a plus. */
  private record Line(char mark, String text) {
    boolean changed() {
      return mark != ' ';
    }
  }

  private final List<Line> lines = new ArrayList<>();

  private LineDiff(List<String> before, List<String> after) {
    int same = 0;
    int shorter = Math.min(before.size(), after.size());
    while (same < shorter && before.get(same).equals(after.get(same))) {
      same++;
    }
    int tail = 0;
    while (tail < shorter - same
        && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
      tail++;
    }
    before.subList(0, same).forEach(line -> lines.add(new Line(' ', line)));
    middle(before.subList(same, before.size() - tail), after.subList(same, after.size() - tail));
    before.subList(before.size() - tail, before.size()).forEach(l -> lines.add(new Line(' ', l)));
  }

  /** Lines that are gone with {@code - } before them, new ones with {@code + }. */
  public static List<String> changed(String before, String after) {
    return of(before, after).lines.stream()
        .filter(Line::changed)
        .map(line -> line.mark() + " " + line.text())
        .toList();
  }

  /** What {@code diff -u} prints; nothing when the texts are the same. */
  public static List<String> unified(
      String before, String beforeName, String after, String afterName) {
    var lines = of(before, after).lines;
    var out = new ArrayList<String>();
    int left = 0;
    int right = 0;
    int at = 0;
    while (at < lines.size()) {
      int start = at;
      int end = endOfHunk(lines, at);
      if (end == at) {
        left += lines.get(at).mark() == '+' ? 0 : 1;
        right += lines.get(at).mark() == '-' ? 0 : 1;
        at++;
        continue;
      }
      if (out.isEmpty()) {
        out.add("--- " + beforeName);
        out.add("+++ " + afterName);
      }
      var hunk = lines.subList(start, end);
      int gone = (int) hunk.stream().filter(line -> line.mark() != '+').count();
      int come = (int) hunk.stream().filter(line -> line.mark() != '-').count();
      out.add("@@ -" + range(left, gone) + " +" + range(right, come) + " @@");
      hunk.forEach(line -> out.add(line.mark() + line.text()));
      left += gone;
      right += come;
      at = end;
    }
    return out;
  }

  private static LineDiff of(String before, String after) {
    return new LineDiff(before.lines().toList(), after.lines().toList());
  }

  private void middle(List<String> left, List<String> right) {
    if ((long) left.size() * right.size() > MOST_CELLS) {
      left.forEach(line -> lines.add(new Line('-', line)));
      right.forEach(line -> lines.add(new Line('+', line)));
      return;
    }
    int[][] common = common(left, right);
    int i = 0;
    int j = 0;
    while (i < left.size() || j < right.size()) {
      if (i < left.size() && j < right.size() && left.get(i).equals(right.get(j))) {
        lines.add(new Line(' ', left.get(i++)));
        j++;
      } else if (i < left.size() && (j == right.size() || common[i + 1][j] >= common[i][j + 1])) {
        lines.add(new Line('-', left.get(i++)));
      } else {
        lines.add(new Line('+', right.get(j++)));
      }
    }
  }

  /** How many lines are common to what follows a line on the left and one on the right. */
  private static int[][] common(List<String> left, List<String> right) {
    int[][] common = new int[left.size() + 1][right.size() + 1];
    for (int i = left.size() - 1; i >= 0; i--) {
      for (int j = right.size() - 1; j >= 0; j--) {
        common[i][j] =
            left.get(i).equals(right.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }

  /** The end of the hunk that begins at a line; that line itself when none does. */
  private static int endOfHunk(List<Line> lines, int start) {
    int end = start;
    int near = CONTEXT;
    for (int i = start; i < lines.size() && i <= end + near; i++) {
      if (lines.get(i).changed()) {
        end = i + 1;
        near = 2 * CONTEXT;
      }
    }
    return end == start ? start : Math.min(lines.size(), end + CONTEXT);
  }

  /** Lines count from 1; a range without lines names the line before it. */
  private static String range(int before, int count) {
    int first = count == 0 ? before : before + 1;
    return count == 1 ? Integer.toString(first) : first + "," + count;
  }
}
