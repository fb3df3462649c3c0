package dev.retune.sandbox.crd;

import static dev.retune.sandbox.crd.Documents.definition;
import static dev.retune.sandbox.crd.Documents.thing;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrinterColumnsTest {
  private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");
  private static final String SPEC =
      """
      s: text
      n: 5
      d: 1.5
      b: true
      l: [a, b]
      m: {k: v, a.b/c: dotted}
      when: "2026-01-01T23:00:00Z"
      conditions: [{type: Synced, status: "False", n: 1}, {type: Ready, status: "True", n: 2}]
      """;

  private static Optional<Object> cell(String type, String path) {
    ObjectNode definition =
        definition("{type: object, x-kubernetes-preserve-unknown-fields: true}");
    ((ObjectNode) definition.at("/spec/versions/0"))
        .putArray("additionalPrinterColumns")
        .addObject()
        .put("name", "X")
        .put("type", type)
        .put("jsonPath", path);
    return CustomResource.compile(definition).cells(thing(SPEC), "v1", NOW).getLast();
  }

  @ParameterizedTest
  @DisplayName("CRD-7 cells are what a JSONPath finds, as the column's type")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          string  | .spec.s                                        | text
          string  | .spec.n                                        | 5
          string  | .spec.m                                        | {"k":"v","a.b/c":"dotted"}
          string  | .spec.l                                        | ["a","b"]
          string  | .spec.m['k']                                   | v
          string  | .spec.m.a\\.b/c                                | dotted
          string  | .spec.l[0]                                     | a
          string  | .spec.l[-1]                                    | b
          string  | .spec.l[*]                                     | a
          string  | .spec.l[1:]                                    | b
          string  | .spec.conditions[?(@.type=="Ready")].status    | True
          string  | .spec.conditions[?(@.type == 'Ready')].status  | True
          string  | .spec.conditions[?(@.n>1)].type                | Ready
          string  | .spec.conditions[?(@.type!="Ready")].type      | Synced
          string  | ..status                                       | False
          integer | .spec.n                                        | 5
          integer | .spec.d                                        | 1
          number  | .spec.n                                        | 5.0
          boolean | .spec.b                                        | true
          date    | .spec.when                                     | 60m
          date    | .spec.s                                        | <invalid>
          """)
  void cells(String type, String path, String expected) {
    assertThat(cell(type, path).map(Object::toString)).contains(expected);
  }

  @ParameterizedTest
  @DisplayName("CRD-7 a cell without a value of its type is empty")
  @CsvSource({
    "string,.spec.gone",
    "integer,.spec.s",
    "boolean,.spec.n",
    "string,.spec.l[7]",
    "date,.spec.n"
  })
  void empty(String type, String path) {
    assertThat(cell(type, path)).isEmpty();
  }

  @Test
  @DisplayName("CRD-7 without columns there are the name and the age")
  void standard() {
    CustomResource kind = CustomResource.compile(definition("{type: object}"));
    ObjectNode thing = thing("{}");
    thing.withObjectProperty("metadata").put("creationTimestamp", "2026-01-01T00:00:00Z");
    assertThat(kind.columns("v1")).extracting(Column::name).containsExactly("Name", "Age");
    assertThat(kind.cells(thing, "v1", NOW)).containsExactly(Optional.of("a"), Optional.of("24h"));
  }

  @ParameterizedTest
  @DisplayName("CRD-7 ages as kubectl writes them")
  @CsvSource({
    "0s,0s",
    "119s,119s",
    "120s,2m",
    "599s,9m59s",
    "600s,10m",
    "10799s,179m",
    "10800s,3h",
    "12660s,3h31m",
    "28800s,8h",
    "172799s,47h",
    "172800s,2d",
    "176400s,2d1h",
    "691200s,8d",
    "63072000s,2y",
    "94694400s,3y1d",
    "252288000s,8y"
  })
  void ages(String seconds, String expected) {
    assertThat(Times.age(Duration.parse("PT" + seconds.toUpperCase(Locale.ROOT))))
        .isEqualTo(expected);
  }
}
