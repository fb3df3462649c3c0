package dev.retune.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retune.kubelet.document.Document;
import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.document.UnreadableException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What documents say, where the rules of YAML 1.1, of 1.2 and of Go's libraries differ. */
class DocumentsTest {

  private static final String HEADER =
      "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

  private static Document read(String document) throws UnreadableException {
    return Document.read(document.getBytes(StandardCharsets.UTF_8));
  }

  private static @Nullable Object tree(String document) throws UnreadableException {
    return Trees.of(read(document).root());
  }

  private static Judgement judge(String fields) {
    byte[] document = (HEADER + fields).getBytes(StandardCharsets.UTF_8);
    return KubeletConfig.judge(document, KubeletVersion.newest());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a:\n\tb: 1\n",
        "\ta: 1\n",
        "a: 1\n\t\nb: 2\n",
        "a: x\n\ty\n",
        "a: |\n\tx\n",
        "a:\n-\n\tb: 1\n"
      })
  @DisplayName("A tab in the indentation makes YAML unreadable")
  void tabs(String document) {
    assertThatThrownBy(() -> read(document)).isInstanceOf(UnreadableException.class);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = ';',
      value = {
        "a:\\t1\\n ; 1",
        "a: 1\\t# c\\n ; 1",
        "a: x\\n \\ty\\n ; x y",
        "a: {b:\\t1}\\n ; {b=1}",
        "a: [1,\\n\\t2]\\n ; [1, 2]"
      })
  @DisplayName("A tab elsewhere is a blank")
  void tabsBetween(String document, String value) throws UnreadableException {
    String yaml = document.replace("\\t", "\t").replace("\\n", "\n");
    assertThat(tree(yaml)).hasToString("{a=" + value + "}");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = ';',
      value = {
        "{a:} ; {a:=null}",
        "{a: b:} ; {a=b:}",
        "{a:b} ; {a:b=null}",
        "{\"a\":b} ; {a=b}",
        "{a: http://x} ; {a=http://x}",
        "{a,} ; {a=null}",
        "{? a} ; {a=null}",
        "[a: b] ; [{a=b}]"
      })
  @DisplayName("In braces a colon ends a word only before a gap")
  void flow(String document, String value) throws UnreadableException {
    assertThat(tree(document.startsWith("{") ? "--- " + document : document)).hasToString(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a: {b:{}}\n", "a: {b:[1]}\n", "a: [b, , c]\n", "a: {b: c: d}\n", "a: [? : b]\n"})
  @DisplayName("In braces a word before a bracket needs a comma or a colon and a gap")
  void flowFaults(String document) {
    assertThatThrownBy(() -> read(document)).isInstanceOf(UnreadableException.class);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = ';',
      value = {
        "\"\\L\\P\\N\\_\" ; \u2028\u2029\u0085\u00a0",
        "\"\\x41\\u00e9\\U0001F600\" ; A\u00e9\ud83d\ude00",
        "\"x\\e\\0\\'\" ; x\u001b\u0000'",
        "'it''s' ; it's"
      })
  @DisplayName("Escapes are those of YAML 1.1")
  void escapes(String value, String text) throws UnreadableException {
    assertThat(tree("a: " + value + "\n")).isEqualTo(Map.of("a", text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"\\/\"", "\"\\ud83d\\ude00\"", "\"\\q\"", "\"\\x4\"", "\"a", "&\u00e9 a"})
  @DisplayName("Escapes and anchors of later versions of YAML, and of JSON, are unreadable")
  void noEscapes(String value) {
    assertThatThrownBy(() -> read("a: " + value + "\n")).isInstanceOf(UnreadableException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "|_  x_, x_",
    "|_  x, x",
    "|+_  x__, x__",
    ">-_  x_  y__  z_, x y_z",
    "|1_  .x_, ' .x_'",
    "|#c_  x_, x_",
    ">_  x_   y_, x_ y_"
  })
  @DisplayName("Blocks end as they end in the document")
  void blocks(String value, String text) throws UnreadableException {
    assertThat(tree("a: " + value.replace('_', '\n')))
        .isEqualTo(Map.of("a", text.replace('_', '\n')));
  }

  @Test
  @DisplayName("Empty lines of a block may be longer than its first line, which then is none of it")
  void longEmptyLines() {
    assertThatThrownBy(() -> read("a: |\n   \n  x\n")).isInstanceOf(UnreadableException.class);
  }

  @Test
  @DisplayName("The line breaks of Unicode end a line, and two of them stay in a value")
  void lineBreaks() throws UnreadableException {
    assertThat(tree("a: 1\u0085b: 2\u2028c: 3\r\nd: 4\re: 'x\u2028y'\n"))
        .hasToString("{a=1, b=2, c=3, d=4, e=x\u2028y}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a: 1\n%YAML 1.1\n", "a: 1\n...\nx: [\n", "a: 1\n---\n\t{", "--- {a: 1}\n"})
  @DisplayName("What follows the first document does not matter")
  void further(String document) throws UnreadableException {
    assertThat(tree(document)).hasToString("{a=1}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "...\na: 1\n",
        "%FOO x\n---\na: 1\n",
        "%YAML 1.1\na: 1\n",
        "a: 1\nb\n",
        "a: b: c\n"
      })
  @DisplayName("Directives other than YAML and TAG, and keys without a colon, are unreadable")
  void faults(String document) {
    assertThatThrownBy(() -> read(document)).isInstanceOf(UnreadableException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "1e9, 1e+09",
    "1.5, 1.5",
    "100000.0, 100000",
    "16777217.0, 1.6777216e+07",
    ".00001, 1e-05",
    ".inf, .inf",
    "yes, true",
    "0x10, 16",
    "2001-01-01, 2001-01-01"
  })
  @DisplayName("A key that is no string becomes the string the kubelet's library makes of it")
  void keys(String key, String name) throws UnreadableException {
    assertThat(tree(key + ": x\n")).isEqualTo(Map.of(name, "x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"~: x\n", "18446744073709551615: x\n", "? [a]\n: x\n", "? {a: b}\n: x\n"})
  @DisplayName("Null, whole numbers of 64 bits, lists and objects cannot be keys")
  void noKeys(String document) {
    assertThatThrownBy(() -> read(document)).isInstanceOf(UnreadableException.class);
  }

  @Test
  @DisplayName("What cannot become JSON does not matter when a later value takes its place")
  void replaced() throws UnreadableException {
    assertThat(tree("a: .nan\na: 1\nb: {~: x}\nb: 2\n")).hasToString("{a=1, b=2}");
    assertThatThrownBy(() -> read("a: 1\na: .nan\n")).isInstanceOf(UnreadableException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "!!timestamp 1",
    "!!timestamp yes",
    "!!int 1e2",
    "!!int 08",
    "!!float x",
    "!!binary x1"
  })
  @DisplayName("A value that is not what its tag says is unreadable")
  void tagged(String value) {
    assertThatThrownBy(() -> read("a: " + value + "\n")).isInstanceOf(UnreadableException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"! 1", "! '1'", "!x 1", "!!str 1", "!!timestamp 2001-1-1", "!!binary YQ=="})
  @DisplayName("A tag of the document's own makes a string")
  void strings(String value) throws UnreadableException {
    Node.Mapping root = (Node.Mapping) read("a: " + value + "\n").root();
    assertThat(root.entries().getFirst().value()).isInstanceOf(Node.Text.class);
  }

  @ParameterizedTest
  @CsvSource({"1e-7, 1e-7", "0.0001, 0.0001", "1e21, 1e+21", "1e20, 100000000000000000000"})
  @DisplayName("Floating-point numbers are spelled as Go spells them in JSON")
  void floats(String given, String spelled) throws UnreadableException {
    Node.Mapping root = (Node.Mapping) read("a: " + given + "\n").root();
    assertThat(root.entries().getFirst().value())
        .isInstanceOfSatisfying(Node.Numeral.class, n -> assertThat(n.text()).isEqualTo(spelled));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: &a {b: 1}\nc: {b: 2, <<: *a}\n",
        "a: &a {b: 1}\nc: {<<: *a, b: 2}\n",
        "c: {<<: [{b: 1}, {b: 2}]}\n",
        "c: {b: 1, b: 2}\n"
      })
  @DisplayName("A key that a merge gives again is given twice")
  void merged(String document) throws UnreadableException {
    assertThat(read(document).repeatedKeys()).extracting(Node.Entry::key).containsExactly("b");
  }

  @Test
  @DisplayName("A number and the string of it are two keys")
  void twoKeys() throws UnreadableException {
    assertThat(read("{1: a, '1': b, 1.0: c}".replace("{", "--- {")).repeatedKeys()).isEmpty();
    assertThat(read("--- {1: a, 0x1: b}").repeatedKeys()).hasSize(1);
  }

  @Test
  @DisplayName("An alias to a list merges nothing")
  void mergedAlias() {
    assertThatThrownBy(() -> read("a: &a [{b: 1}]\nc: {<<: *a}\n"))
        .isInstanceOf(UnreadableException.class);
  }

  @Test
  @DisplayName(
      "YAML's kind in other letters yields to the one in the right letters; JSON's does not")
  void kinds() {
    assertThat(judge("Kind: Other\nAPIVersion: v1\n").verdict()).isEqualTo(Verdict.VALID);
    assertThat(judge("Kind: Other\n").strict()).hasSize(1);
    String json =
        "{\"kind\":\"KubeletConfiguration\",\"apiVersion\":\"kubelet.config.k8s.io/v1beta1\","
            + "\"Kind\":\"Other\"}";
    assertThat(
            KubeletConfig.judge(json.getBytes(StandardCharsets.UTF_8), KubeletVersion.newest())
                .verdict())
        .isEqualTo(Verdict.DECODE);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "{\"\\ud800\":1}, \ufffd",
        "{\"\\udc00\\ud83d\\ude00\":1}, \ufffd\ud83d\ude00",
        "{\"\\\\ud800\":1}, \\ud800"
      })
  @DisplayName("Half a surrogate pair in JSON becomes a replacement character")
  void halfPairs(String document, String key) throws UnreadableException {
    assertThat(tree(document)).hasToString("{" + key + "=1}");
  }

  @Test
  @DisplayName("Each malformed byte in JSON becomes a replacement character")
  void malformed() throws UnreadableException {
    byte[] bytes = "{\"a\":\"\u00f0\u0098x\u00ff\"}".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(Trees.of(Document.read(bytes).root())).isEqualTo(Map.of("a", "\ufffd\ufffdx\ufffd"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00a0", "\u0085", "\u3000"})
  @DisplayName("A blank of Unicode before a brace makes JSON, which has no such blanks")
  void unicodeBlanks(String blank) {
    assertThatThrownBy(() -> read(blank + "{\"a\":1}")).isInstanceOf(UnreadableException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-02T15:04:05Z, 2026-01-02T15:04:05Z",
    "2026-01-02T5:04:05.999-07:30, 2026-01-02T12:34:05Z",
    "'2026-01-02T15:04:05,5Z', 2026-01-02T15:04:05Z",
    "2026-01-02T15:04:05+24:00, 2026-01-01T15:04:05Z"
  })
  @DisplayName("Times are read as Go reads RFC 3339")
  void times(String given, String written) {
    Judgement judgement =
        judge("registerWithTaints:\n- {key: a, effect: NoExecute, timeAdded: '" + given + "'}\n");
    assertThat(judgement.effective().get("registerWithTaints"))
        .isEqualTo(List.of(Map.of("key", "a", "effect", "NoExecute", "timeAdded", written)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-01-02T15:04Z", "2026-02-30T00:00:00Z", "2026-01-02t15:04:05z"})
  @DisplayName("What Go takes for no time is none")
  void noTimes(String given) {
    assertThat(judge("registerWithTaints:\n- timeAdded: '" + given + "'\n").verdict())
        .isEqualTo(Verdict.DECODE);
  }

  @ParameterizedTest
  @CsvSource({"' 1Gi ', VALID", "\"1Gi\\n\", DECODE", "\"\\t1Gi\", DECODE"})
  @DisplayName("Spaces around a quantity do not matter, line breaks and tabs do")
  void quantityBlanks(String given, Verdict verdict) {
    String fields = "logging: {options: {json: {infoBufferSize: " + given + "}}}\n";
    assertThat(judge(fields).verdict() == Verdict.DECODE).isEqualTo(verdict == Verdict.DECODE);
  }

  @Test
  @DisplayName("Minus zero is no unsigned number")
  void minusZero() {
    String json =
        "{\"kind\":\"KubeletConfiguration\",\"apiVersion\":\"kubelet.config.k8s.io/v1beta1\","
            + "\"logging\":{\"verbosity\":-0}}";
    assertThat(
            KubeletConfig.judge(json.getBytes(StandardCharsets.UTF_8), KubeletVersion.newest())
                .verdict())
        .isEqualTo(Verdict.DECODE);
  }
}
