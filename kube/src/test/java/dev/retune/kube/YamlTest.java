package dev.retune.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTest {

  @Test
  @DisplayName("YAML becomes the plain trees of JSON")
  void parse() {
    String text =
        """
        apiVersion: v1
        maxPods: 110
        big: 123456789012345678901234567890
        ratio: 1.5
        on: yes
        mode: 0644
        nothing:
        list:
        - a
        - {b: true, "c": null}
        text: |
          line 1
          line 2
        1: one
        """;

    assertThat(Yaml.parse(text))
        .isEqualTo(
            Tree.object(
                "apiVersion",
                "v1",
                "maxPods",
                110L,
                "big",
                new BigInteger("123456789012345678901234567890"),
                "ratio",
                1.5,
                "on",
                "yes",
                "mode",
                644L,
                "nothing",
                null,
                "list",
                List.of("a", Tree.object("b", true, "c", null)),
                "text",
                "line 1\nline 2\n",
                "1",
                "one"));
  }

  @Test
  @DisplayName("several documents, empty ones left out")
  void parseAll() {
    assertThat(Yaml.parseAll("---\na: 1\n---\n# nothing\n---\nb: 2\n"))
        .containsExactly(Map.of("a", 1L), Map.of("b", 2L));
    assertThatThrownBy(() -> Yaml.parse("a: 1\n---\nb: 2\n"))
        .hasMessage("one YAML document was expected, not 2 separated by ---");
  }

  @Test
  @DisplayName("aliases are copies, and << fills in what is missing")
  void aliases() {
    assertThat(Yaml.parse("base: &b {x: 1, y: 2}\nother: {<<: *b, y: 3}\nsame: *b\n"))
        .isEqualTo(
            Tree.object(
                "base", Tree.object("x", 1L, "y", 2L),
                "other", Tree.object("y", 3L, "x", 1L),
                "same", Tree.object("x", 1L, "y", 2L)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: [",
        "a: 1\na: 2",
        "a: *nowhere",
        "a: &x [*x]",
        "? [1]\n: 2",
        "a: !mine 1",
        "a: .inf",
        "\ta: 1",
        "a: b: c",
        "%YAML 9"
      })
  @DisplayName("what has no JSON counterpart is refused")
  void refused(String text) {
    assertThatThrownBy(() -> Yaml.parse(text)).isInstanceOf(YamlFormatException.class);
  }

  @Test
  @DisplayName("a refusal names line and column")
  void position() {
    assertThatThrownBy(() -> Yaml.parse("a: 1\nb:\n  c: 1\n  c: 2\n"))
        .hasMessage("no YAML at line 4, column 3: key \"c\" is there twice");
  }

  @Test
  @DisplayName("alias bombs and deep nesting are refused before they hurt")
  void bombs() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(10)));
    }
    assertThatThrownBy(() -> Yaml.parse(bomb.toString())).isInstanceOf(YamlFormatException.class);
    assertThatThrownBy(() -> Yaml.parse("[".repeat(10_000)))
        .isInstanceOf(YamlFormatException.class);
    assertThatThrownBy(() -> Yaml.parse("- ".repeat(10_000)))
        .isInstanceOf(YamlFormatException.class);
  }

  @Test
  @DisplayName(
      "written YAML is block style in key order, readable, and reads back as the same tree")
  void write() {
    Map<String, @Nullable Object> tree =
        Tree.object(
            "kind",
            "KubeletConfiguration",
            "clusterDNS",
            List.of("10.96.0.10"),
            "syncFrequency",
            "1m0s",
            "empty",
            Map.of(),
            "nested",
            Tree.object("list", List.of(List.of(1L, 2L), Tree.object("a", 1L, "b", "x: y"))),
            "text",
            "line 1\n\nline 3\n",
            "none",
            null);

    String text = Yaml.write(tree);

    assertThat(text)
        .isEqualTo(
            """
            kind: KubeletConfiguration
            clusterDNS:
            - 10.96.0.10
            syncFrequency: 1m0s
            empty: {}
            nested:
              list:
              -
                - 1
                - 2
              - a: 1
                b: "x: y"
            text: |
              line 1

              line 3
            none: null
            """);
    assertThat(Yaml.parse(text)).isEqualTo(tree);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "yes",
        "No",
        "on",
        "true",
        "null",
        "~",
        "0644",
        "0x1f",
        "1e3",
        "12:30",
        "1_000",
        "2026-01-01",
        "<<",
        "=",
        "- a",
        "a: b",
        "a #b",
        "#a",
        "a:",
        "*a",
        "&a",
        "!a",
        "@a",
        "`a`",
        "%a",
        "|",
        ">",
        "'a'",
        "\"a\"",
        "[a]",
        "{a",
        "?",
        "? a",
        "-",
        "---",
        "...",
        "a\tb",
        "a\u0000b",
        "a\u2028b",
        "é",
        "\ud83d\ude00",
        " a",
        "a ",
        "a\nb",
        "a\nb\n",
        "a\n\n",
        "\na",
        "  a\nb",
        "a\r\nb",
        "a\n  b\n c",
        "0b1",
        ".5",
        "-.inf",
        "0.5",
        "1.2.3",
        "a\n \n"
      })
  @DisplayName("any string comes back as the same string, as a value, an item and a key")
  void strings(String value) {
    Object tree = Tree.object("v", value, "l", Arrays.asList(value, "x"), value + "k", 1L);
    assertThat(Yaml.parse(Yaml.write(tree))).isEqualTo(tree);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"yes", "NO", "on", "0644", "12:30", "1_000", "2026-01-01", "0b1", "0x1F", "y"})
  @DisplayName("strings that YAML 1.1 takes for something else are quoted")
  void quoted(String value) {
    assertThat(Yaml.write(Map.of("a", value))).isEqualTo("a: \"" + value + "\"\n");
  }
}
