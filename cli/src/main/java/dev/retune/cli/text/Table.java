package dev.retune.cli.text;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows under headings, aligned as kubectl aligns them. */
public final class Table {
  private static final int GAP = 3;

  /** One field of a row; an empty text is shown as {@code <none>}. */
  public record Cell(String text, Style style) {
    public static Cell of(String text) {
      return new Cell(text, Style.PLAIN);
    }

    private String shown() {
      return text.isEmpty() ? "<none>" : text;
    }

    private int width() {
      return shown().codePointCount(0, shown().length());
    }
  }

  private final List<Cell> headings;
  private final List<List<Cell>> rows = new ArrayList<>();
  private final int[] widths;

  public Table(List<String> headings) {
    this.headings = headings.stream().map(Cell::of).toList();
    this.widths = this.headings.stream().mapToInt(Cell::width).toArray();
  }

  public void add(List<Cell> row) {
    if (row.size() != widths.length) {
      throw new IllegalArgumentException(
          row.size() + " cells under " + widths.length + " headings");
    }
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], row.get(i).width());
    }
    rows.add(List.copyOf(row));
  }

  public void print(PrintWriter out, boolean colors) {
    out.println(line(headings, colors));
    rows.forEach(row -> out.println(line(row, colors)));
    out.flush();
  }

  /** A row that came later, under the columns as they are. */
  public void printMore(List<Cell> row, PrintWriter out, boolean colors) {
    add(row);
    out.println(line(row, colors));
    out.flush();
  }

  private String line(List<Cell> cells, boolean colors) {
    var line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      var cell = cells.get(i);
      line.append(cell.style().paint(cell.shown(), colors));
      if (i < widths.length - 1) {
        line.repeat(' ', widths[i] - cell.width() + GAP);
      }
    }
    return line.toString();
  }
}
