package dev.retune.kubelet;

import dev.retune.kubelet.document.Node;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plain trees for comparison: every number is a BigDecimal without trailing zeros. */
final class Trees {

  private Trees() {}

  static @Nullable Object of(Node node) {
    return switch (node) {
      case Node.Null n -> null;
      case Node.Bool b -> b.value();
      case Node.Numeral n -> new BigDecimal(n.text()).stripTrailingZeros();
      case Node.Text t -> t.value();
      case Node.Sequence s -> {
        List<@Nullable Object> list = new ArrayList<>();
        s.elements().forEach(element -> list.add(of(element)));
        yield list;
      }
      case Node.Mapping m -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        m.entries().forEach(entry -> map.put(entry.key(), of(entry.value())));
        yield map;
      }
    };
  }

  static @Nullable Object normal(@Nullable Object tree) {
    return switch (tree) {
      case null -> null;
      case Number n -> new BigDecimal(n.toString()).stripTrailingZeros();
      case List<?> l -> {
        List<@Nullable Object> list = new ArrayList<>();
        l.forEach(element -> list.add(normal(element)));
        yield list;
      }
      case Map<?, ?> m -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        m.forEach((key, value) -> map.put((String) key, normal(value)));
        yield map;
      }
      default -> tree;
    };
  }
}
