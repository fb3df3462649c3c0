package dev.retune.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LineDiffTest {
  private static String numbers(int last) {
    return IntStream.rangeClosed(1, last).mapToObj(i -> i + "\n").collect(Collectors.joining());
  }

  private static String unified(String before, String after) {
    return String.join("\n", LineDiff.unified(before, "a", after, "b"));
  }

  @Test
  @DisplayName("the same text has no differences")
  void same() {
    assertThat(LineDiff.unified("x\n", "a", "x\n", "b")).isEmpty();
    assertThat(LineDiff.changed("", "")).isEmpty();
  }

  @Test
  @DisplayName("a change stands between three lines of context on each side")
  void context() {
    assertThat(unified(numbers(9), numbers(9).replace("5", "five")))
        .isEqualTo("--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8");
  }

  @Test
  @DisplayName("changes that are far apart are hunks of their own, near ones share one")
  void hunks() {
    var far = numbers(20).replace("\n2\n", "\ntwo\n").replace("19", "nineteen");
    assertThat(unified(numbers(20), far).lines().filter(line -> line.startsWith("@@")))
        .containsExactly("@@ -1,5 +1,5 @@", "@@ -16,5 +16,5 @@");
    var near = numbers(20).replace("\n5\n", "\nfive\n").replace("12", "twelve");
    assertThat(unified(numbers(20), near).lines().filter(line -> line.startsWith("@@")))
        .containsExactly("@@ -2,14 +2,14 @@");
  }

  @Test
  @DisplayName("a text that was empty, or is")
  void empty() {
    assertThat(unified("", "x\n")).isEqualTo("--- a\n+++ b\n@@ -0,0 +1 @@\n+x");
    assertThat(unified("x\n", "")).isEqualTo("--- a\n+++ b\n@@ -1 +0,0 @@\n-x");
    assertThat(LineDiff.changed("x\ny\n", "y\nz\n")).containsExactly("- x", "+ z");
  }
}
