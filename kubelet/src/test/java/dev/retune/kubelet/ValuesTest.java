package dev.retune.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kubelet.document.Document;
import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.document.UnreadableException;
import dev.retune.kubelet.value.GoDuration;
import dev.retune.kubelet.value.Quantity;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0s",
    "0s, 0s",
    "1ns, 1ns",
    "999us, 999\u00b5s",
    "1.5ms, 1.5ms",
    "100ms, 100ms",
    "1.50s, 1.5s",
    "90s, 1m30s",
    "1h, 1h0m0s",
    "-5m, -5m0s",
    "+1h1s, 1h0m1s",
    ".5s, 500ms",
    "1s1s, 2s",
    ".51921s, 519.21ms",
    ".6052h6m, 42m18.72s",
    "0.1234567890123456789h, 7m24.444440444s",
    "-9223372036854775808ns, -2562047h47m16.854775808s",
    "2562047h47m16.854775807s, 2562047h47m16.854775807s",
    "-2562047h47m16.854775808s, -2562047h47m16.854775808s",
    "1\u03bcs, 1\u00b5s"
  })
  @DisplayName("Durations are read and written as Go does")
  void durations(String given, String written) {
    assertThat(GoDuration.format(GoDuration.parse(given).orElseThrow())).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "10",
        "1d",
        "1 s",
        "s",
        ".s",
        "1..5s",
        "bogus",
        "2562047h47m16.854775808s",
        "9223372036854775808ns",
        "1e3s",
        "1S"
      })
  @DisplayName("What Go takes for no duration is none")
  void noDurations(String given) {
    assertThat(GoDuration.parse(given)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1Gi, 1Gi",
    "0.5, 500m",
    "1.5, 1500m",
    "007, 007",
    "+5, +5",
    "-0, 0",
    "1000, 1k",
    "1e5, 100e3",
    "8Gi, 8Gi",
    "24Ki, 24Ki",
    "1024Ki, 1Mi",
    "8Ki, 8Ki",
    "024Ki, 24Ki",
    "9Ki, 9Ki",
    "-9999999999999999Ki, -9223372036854775807",
    "0.5Ki, 512",
    "1.0001Ki, 1024102400u",
    "., 0",
    "-, 0",
    "Gi, 0",
    "1.5Gi, 1536Mi",
    "1e3, 1e3",
    "100m, 100m",
    "1E, 1E",
    "12345678901234567890, 12345678901234567890",
    "0.1n, 1n",
    "1.5Ki, 1536",
    "5., 5.",
    ".5, 500m",
    "9999999999999999Ki, 9223372036854775807",
    "1000000000000000000000, 1"
  })
  @DisplayName("Quantities are read and written as Kubernetes does")
  void quantities(String given, String written) {
    assertThat(Quantity.parse(given).orElseThrow()).hasToString(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "e-10", ".e-10", "K", "1Ki5", "1 Gi", "1gi", "1ee3", "1e", "1e+", "0x1", "1_000"
      })
  @DisplayName("What Kubernetes takes for no quantity is none")
  void noQuantities(String given) {
    assertThat(Quantity.parse(given)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "010, 8",
    "0o10, 8",
    "0x1F, 31",
    "0b11, 3",
    "-0b11, -3",
    "1_000, 1000",
    "+5, 5",
    "08, 8",
    "1e2, 100",
    "1.5, 1.5",
    ".5, 0.5",
    "1., 1",
    "1e-2, 0.01",
    "18446744073709551615," + " 18446744073709551615",
    "0_7, 7",
    "1.0, 1"
  })
  @DisplayName("YAML 1.1 numbers become the numbers the kubelet sees")
  void numbers(String given, String number) throws UnreadableException {
    assertThat(value(given))
        .isInstanceOfSatisfying(Node.Numeral.class, n -> assertThat(n.text()).isEqualTo(number));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1:30",
        "2001-01-01",
        "0x",
        "1e400",
        "1.2.3",
        "5s",
        "'1'",
        "\"yes\"",
        "!!str 1",
        "!custom 1",
        "yEs",
        "0b12",
        "e5",
        "--1",
        "1__"
      })
  @DisplayName("What looks like a number or boolean but is a string stays one")
  void strings(String given) throws UnreadableException {
    if (given.equals("1__")) {
      assertThat(value(given)).isInstanceOf(Node.Numeral.class);
    } else {
      assertThat(value(given)).isInstanceOf(Node.Text.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "yes, true",
    "Off, false",
    "on, true",
    "n, false",
    "Y, true",
    "TRUE, true",
    "!!bool no, false"
  })
  @DisplayName("YAML 1.1 booleans are booleans")
  void booleans(String given, boolean value) throws UnreadableException {
    assertThat(value(given))
        .isInstanceOfSatisfying(Node.Bool.class, b -> assertThat(b.value()).isEqualTo(value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {".inf", "!!int abc", "!!float yes", "!!binary '*'", "%YAML 1.2\n---\na: 1"})
  @DisplayName("What cannot be carried over to JSON is unreadable")
  void unreadable(String given) {
    String document = given.startsWith("%") ? given : "a: " + given + "\n";
    assertThat(
            KubeletConfig.judge(document.getBytes(StandardCharsets.UTF_8), KubeletVersion.newest())
                .errors())
        .singleElement()
        .satisfies(c -> assertThat(c.message()).isNotEmpty());
  }

  private static Node value(String scalar) throws UnreadableException {
    byte[] document = ("a: " + scalar + "\n").getBytes(StandardCharsets.UTF_8);
    return ((Node.Mapping) Document.read(document).root()).entries().getFirst().value();
  }
}
