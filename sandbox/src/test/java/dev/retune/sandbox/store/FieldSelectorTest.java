package dev.retune.sandbox.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FieldSelectorTest {
  private static final Map<String, String> DECLARED = Map.of("source", "source.component");

  @Test
  @DisplayName("name and namespace are taken out, because watches are indexed by them")
  void nameAndNamespace() {
    FieldSelector selector =
        FieldSelector.parse("metadata.name=n1,metadata.namespace==ns", DECLARED);
    assertThat(selector.name()).contains("n1");
    assertThat(selector.namespace()).contains("ns");
    assertThat(selector.content()).isEmpty();
  }

  @Test
  @DisplayName("declared paths are compared, with escapes and both operators")
  void declared() {
    ObjectNode event = Json.object();
    event.putObject("source").put("component", "a,b");
    event.putObject("metadata").put("name", "n1");
    assertThat(content("source=a\\,b").test(event)).isTrue();
    assertThat(content("source!=x").test(event)).isTrue();
    assertThat(content("source=x").test(event)).isFalse();
    assertThat(content("metadata.name!=n1").test(event)).isFalse();
  }

  @Test
  @DisplayName("a path nobody declared is refused by name")
  void undeclared() {
    assertThatThrownBy(() -> FieldSelector.parse("spec.foo=x", DECLARED))
        .hasMessage("field label not supported: spec.foo");
    assertThatThrownBy(() -> FieldSelector.parse("nonsense", DECLARED))
        .hasMessageContaining("nonsense");
  }

  private static Predicate<JsonNode> content(String selector) {
    return FieldSelector.parse(selector, DECLARED).content().orElseThrow();
  }
}
