package dev.retune.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  private static @Nullable Object parse(String text) throws JsonFormatException {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  @DisplayName("JSON becomes plain trees in document order, and the same JSON again")
  void roundTrip() throws Exception {
    String text = "{\"z\":1,\"a\":[true,false,null,\"ü\\n\",{}],\"m\":{\"n\":-7}}";

    Object tree = parse(text);

    assertThat(tree)
        .isEqualTo(
            Tree.object(
                "z",
                1L,
                "a",
                Arrays.asList(true, false, null, "ü\n", Map.of()),
                "m",
                Map.of("n", -7L)));
    assertThat(new String(Json.write(tree), StandardCharsets.UTF_8)).isEqualTo(text);
  }

  @Test
  @DisplayName("numbers keep their digits, however large or fine")
  void numbers() throws Exception {
    assertThat(parse("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
    assertThat(parse("9223372036854775808")).isEqualTo(new BigInteger("9223372036854775808"));
    assertThat(parse("0.1")).isEqualTo(0.1);
    assertThat(parse("0.1234567890123456789")).isEqualTo(new BigDecimal("0.1234567890123456789"));
    assertThat(parse("1e400")).isEqualTo(new BigDecimal("1E+400"));
    assertThat(new String(Json.write(parse("9223372036854775808")), StandardCharsets.UTF_8))
        .isEqualTo("9223372036854775808");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "{", "{}}", "[1,]", "{a:1}", "nul", "01", "NaN", "\"\u0001\"", "{} {}"})
  @DisplayName("what is no JSON is refused")
  void refused(String text) {
    assertThatThrownBy(() -> parse(text)).isInstanceOf(JsonFormatException.class);
  }

  @Test
  @DisplayName("bytes that are no UTF-8 are refused")
  void notUtf8() {
    assertThatThrownBy(() -> Json.parse(new byte[] {'"', (byte) 0xff, (byte) 0xfe, '"'}))
        .isInstanceOf(JsonFormatException.class);
  }

  @Test
  @DisplayName("nesting beyond the limit is refused in both directions")
  void depth() throws Exception {
    assertThat(parse("[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH)))
        .isInstanceOf(List.class);
    assertThatThrownBy(() -> parse("[".repeat(100_000))).isInstanceOf(JsonFormatException.class);
    List<Object> deep = new ArrayList<>();
    for (int i = 0; i < Json.MAX_DEPTH + 1; i++) {
      deep = new ArrayList<>(List.of(deep));
    }
    List<Object> tooDeep = deep;
    assertThatThrownBy(() -> Json.write(tooDeep)).isInstanceOf(RuntimeException.class);
  }

  @Test
  @DisplayName("an object is asked for and something else comes: the message says what")
  void notAnObject() {
    assertThatThrownBy(() -> Json.parseObject("[1,2]".getBytes(StandardCharsets.UTF_8)))
        .hasMessage("a JSON object was expected, not an array of 2");
  }

  @Test
  @DisplayName("pretty is kubectl's: four spaces, empty collections in place")
  void pretty() {
    assertThat(Json.pretty(Tree.object("a", 1, "b", List.of(), "c", List.of("x"))))
        .isEqualTo("{\n    \"a\": 1,\n    \"b\": [],\n    \"c\": [\n        \"x\"\n    ]\n}\n");
  }
}
