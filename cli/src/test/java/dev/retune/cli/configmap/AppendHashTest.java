package dev.retune.cli.configmap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kube.Json;
import dev.retune.kube.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class AppendHashTest {
  @TestFactory
  @DisplayName("every vector of kubectl create configmap --append-hash gets the same name")
  Stream<DynamicTest> vectors() throws IOException {
    try (var in = AppendHashTest.class.getResourceAsStream("append-hash.json")) {
      assertThat(in).isNotNull();
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      var tree = Json.parseObject(("{\"vectors\":" + text + "}").getBytes(StandardCharsets.UTF_8));
      var vectors = Tree.maps(tree, "vectors");
      assertThat(vectors).hasSize(23);
      return vectors.stream().map(AppendHashTest::test);
    }
  }

  private static DynamicTest test(Map<String, @Nullable Object> vector) {
    var expected = Tree.string(vector, "result").orElseThrow();
    return DynamicTest.dynamicTest(
        expected,
        () -> {
          var binary = new TreeMap<String, byte[]>();
          strings(vector, "binaryData")
              .forEach((key, value) -> binary.put(key, Base64.getDecoder().decode(value)));
          assertThat(
                  AppendHash.name(
                      Tree.string(vector, "name").orElseThrow(), strings(vector, "data"), binary))
              .isEqualTo(expected);
        });
  }

  private static Map<String, String> strings(Map<String, @Nullable Object> vector, String field) {
    var strings = new TreeMap<String, String>();
    Tree.map(vector, field).forEach((key, value) -> strings.put(key, String.valueOf(value)));
    return strings;
  }

  @Test
  @DisplayName("control characters, HTML characters and line separators are written as Go does")
  void goEscapes() {
    assertThat(GoJson.string("\u0000\b\f\n\r\t\u001f\u007f<>&\u2028\u2029\"\\é🚀"))
        .isEqualTo(
            "\"\\u0000\\b\\f\\n\\r\\t\\u001f\u007f\\u003c\\u003e\\u0026\\u2028\\u2029\\\"\\\\é🚀\"");
  }

  @Test
  @DisplayName("keys are ordered by code point, not by UTF-16 unit")
  void keyOrder() {
    assertThat(GoJson.strings(Map.of("\uff5e", "1", "🚀", "2")))
        .isEqualTo("{\"\uff5e\":\"1\",\"🚀\":\"2\"}");
  }
}
