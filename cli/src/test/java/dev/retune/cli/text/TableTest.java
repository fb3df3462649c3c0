package dev.retune.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.cli.text.Table.Cell;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTest {
  private final StringWriter text = new StringWriter();
  private final PrintWriter out = new PrintWriter(text);

  @Test
  @DisplayName("columns are aligned under their headings, an empty cell is <none>")
  void aligned() {
    var table = new Table(List.of("NAME", "PHASE", "AGE"));
    table.add(List.of(Cell.of("node-1"), Cell.of("Good"), Cell.of("5m")));
    table.add(List.of(Cell.of("n2"), Cell.of(""), Cell.of("3h5m")));
    table.print(out, false);
    assertThat(text.toString())
        .isEqualTo(
            """
            NAME     PHASE    AGE
            node-1   Good     5m
            n2       <none>   3h5m
            """);
  }

  @Test
  @DisplayName("a colour does not move a column")
  void colours() {
    var table = new Table(List.of("PHASE", "AGE"));
    table.add(List.of(new Cell("Good", Style.GOOD), Cell.of("5m")));
    table.print(out, true);
    assertThat(text.toString()).contains("\u001b[32mGood\u001b[0m    5m");
  }

  @Test
  @DisplayName("a later row keeps to the columns")
  void later() {
    var table = new Table(List.of("NAME", "AGE"));
    table.add(List.of(Cell.of("node-10"), Cell.of("5m")));
    table.printMore(List.of(Cell.of("n"), Cell.of("6m")), out, false);
    assertThat(text.toString()).isEqualTo("n         6m\n");
  }

  @ParameterizedTest(name = "{0} reads as {1}")
  @DisplayName("ages read as kubectl's do")
  @CsvSource({
    "-PT3S, 0s", "PT0S, 0s", "PT119S, 119s", "PT2M, 2m", "PT5M30S, 5m30s", "PT10M1S, 10m",
    "PT179M, 179m", "PT3H, 3h", "PT7H59M, 7h59m", "PT30H, 30h", "P2D, 2d", "P7DT23H, 7d23h",
    "P8D, 8d", "P700D, 700d", "P730D, 2y", "P800D, 2y70d", "P4000D, 10y"
  })
  void ages(Duration span, String expected) {
    assertThat(Age.of(span)).isEqualTo(expected);
  }
}
