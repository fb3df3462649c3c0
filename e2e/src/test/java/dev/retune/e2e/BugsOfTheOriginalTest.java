package dev.retune.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** docs/bugs-of-the-original.md keeps its word. */
class BugsOfTheOriginalTest {
  private static final Path ROOT = Path.of(System.getProperty("retune.root"));
  private static final Pattern NAME = Pattern.compile("\"bug (\\d+): ");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\|");
  private static final Pattern IMPOSSIBLE =
      Pattern.compile("(?m)^\\| (\\d+) \\|.*\\| impossible: ");

  @Test
  @DisplayName("each of the 38 bugs has a test with its number, or a line why it is impossible")
  void all() throws IOException {
    String table = Files.readString(ROOT.resolve("docs/bugs-of-the-original.md"));
    Set<Integer> every = IntStream.rangeClosed(1, 38).boxed().collect(Collectors.toSet());
    assertThat(numbers(ROW, table)).isEqualTo(every);
    var covered = numbers(IMPOSSIBLE, table);
    try (var files = Files.walk(ROOT)) {
      files
          .filter(file -> file.toString().endsWith("Test.java"))
          .filter(file -> file.toString().contains("/src/test/java/"))
          .forEach(file -> covered.addAll(numbers(NAME, read(file))));
    }
    assertThat(covered).isEqualTo(every);
  }

  private static Set<Integer> numbers(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult match) -> Integer.valueOf(match.group(1)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
