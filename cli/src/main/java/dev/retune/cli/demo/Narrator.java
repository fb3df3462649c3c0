package dev.retune.cli.demo;

import dev.retune.cli.Console;
import dev.retune.cli.text.Style;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Tells the story: chapters, what is typed, what happens when, and whether it came as it should.
 */
final class Narrator {
  private static final int WIDTH = 92;
  private static final String INDENT = "   ";

  private final PrintWriter out;
  private final boolean colors;
  private final long startedNanos = System.nanoTime();
  private final List<String> failures = new ArrayList<>();
  private int chapters;
  private int checks;
  private long chapterNanos;

  Narrator(Console console) {
    this.out = console.out();
    this.colors = console.colors();
  }

  synchronized void chapter(String title, String text) {
    chapters++;
    chapterNanos = System.nanoTime();
    out.println();
    out.println(Style.STRONG.paint(chapters + ". " + title, colors));
    say(text);
  }

  /** A paragraph, wrapped. */
  synchronized void say(String text) {
    var line = new StringBuilder(INDENT);
    for (String word : text.split(" ", -1)) {
      if (line.length() + word.length() > WIDTH) {
        out.println(line.toString().stripTrailing());
        line.setLength(0);
        line.append(INDENT);
      }
      line.append(word).append(' ');
    }
    out.println(line.toString().stripTrailing());
    out.flush();
  }

  /** What a person would type. */
  synchronized void typed(String command) {
    out.println(INDENT + Style.STRONG.paint("$ " + command, colors));
    out.flush();
  }

  /** Lines as a program printed them. */
  synchronized void shown(String text) {
    text.lines().forEach(line -> out.println(INDENT + "  " + line));
    out.flush();
  }

  /** A measured time, and what took it. */
  synchronized void measured(Duration time, String what) {
    out.println(INDENT + Style.BUSY.paint(seconds(time), colors) + "  " + what);
    out.flush();
  }

  /** A check: what should be the case, and whether it is. */
  synchronized void check(String what, boolean holds) {
    checks++;
    if (holds) {
      out.println(INDENT + Style.GOOD.paint("✓ ", colors) + what);
    } else {
      failures.add("chapter " + chapters + ": " + what);
      out.println(INDENT + Style.BAD.paint("✗ " + what, colors));
    }
    out.flush();
  }

  /** A check that is worth a line only when it fails. */
  synchronized void expect(String what, boolean holds) {
    if (holds) {
      checks++;
    } else {
      check(what, false);
    }
  }

  /** As {@link #check}, with the value that was found when it is another one. */
  synchronized void check(String what, Object expected, Object actual) {
    check(
        expected.equals(actual)
            ? what
            : what + " (expected " + expected + ", found " + actual + ")",
        expected.equals(actual));
  }

  Duration sinceChapter() {
    return Duration.ofNanos(System.nanoTime() - chapterNanos);
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  /** The last words. */
  synchronized void end() {
    var total = Duration.ofNanos(System.nanoTime() - startedNanos);
    out.println();
    if (failures.isEmpty()) {
      out.println(
          Style.GOOD.paint("All " + checks + " checks hold", colors)
              + ", after "
              + seconds(total).strip()
              + ".");
    } else {
      out.println(Style.BAD.paint(failures.size() + " of " + checks + " checks failed:", colors));
      failures.forEach(failure -> out.println(INDENT + failure));
    }
    out.flush();
  }

  static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%6.2f s", time.toMillis() / 1000.0);
  }
}
