package dev.retune.sandbox.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelSelectorTest {
  private static final ObjectNode OBJECT = Json.object();

  static {
    OBJECT
        .putObject("metadata")
        .putObject("labels")
        .put("a", "b")
        .put("n", "5")
        .put("empty", "")
        .put("example.org/zone", "z1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a=b",
        "a==b",
        "a = b",
        "a!=c",
        "missing!=c",
        "a in (x, b)",
        "a in (b)",
        "a notin (x,y)",
        "missing notin (x)",
        "!missing",
        "n>4",
        "n<6",
        "empty=",
        "empty in ()",
        "example.org/zone=z1,a=b,!missing",
        "a in (b),n"
      })
  @DisplayName("selectors that match")
  void matches(String selector) {
    assertThat(LabelSelector.parse(selector).orElseThrow().test(OBJECT)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "missing",
        "a=c",
        "a!=b",
        "a in (x,y)",
        "a notin (b)",
        "missing in (b)",
        "!a",
        "n>5",
        "n<5",
        "a>1",
        "a=b,missing"
      })
  @DisplayName("selectors that do not match")
  void doesNotMatch(String selector) {
    assertThat(LabelSelector.parse(selector).orElseThrow().test(OBJECT)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a in b", "=b", "a=b c", "a>x", "a,,b", "-a", "a=(b)", "a in (b", "x/y/z"})
  @DisplayName("selectors that are none are refused by name")
  void refused(String selector) {
    assertThatThrownBy(() -> LabelSelector.parse(selector))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(selector);
  }

  @Test
  @DisplayName("a blank selector selects everything without looking")
  void blank() {
    assertThat(LabelSelector.parse("  ")).isEmpty();
  }
}
