package dev.retune.kubelet.facts;

import dev.retune.kubelet.document.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The feature gates a field needs to have an effect, read on first use. Some of them are refused
 * without their gate, the others are passed over in silence.
 */
public final class FieldGates {

  private FieldGates() {}

  /** The gates of a field that this version knows; empty for a field that needs none. */
  public static List<String> of(String field, Facts facts) {
    return Holder.ALL.getOrDefault(field, List.of()).stream()
        .filter(facts.gates()::containsKey)
        .toList();
  }

  /** The gates of a field and of the fields below it that this version knows. */
  public static Set<String> within(String field, Facts facts) {
    Set<String> gates = new TreeSet<>();
    for (String path : Holder.ALL.keySet()) {
      if (path.equals(field) || path.startsWith(field + ".")) {
        gates.addAll(of(path, facts));
      }
    }
    return gates;
  }

  private static Map<String, List<String>> read() {
    Map<String, List<String>> gates = new HashMap<>();
    for (Node.Entry entry : Facts.resource("field-gates.json").entries()) {
      if (entry.value() instanceof Node.Sequence names) {
        List<String> needed = new ArrayList<>();
        names.elements().forEach(name -> needed.add(Facts.text(name)));
        gates.put(entry.key(), List.copyOf(needed));
      }
    }
    return Map.copyOf(gates);
  }

  private static final class Holder {
    static final Map<String, List<String>> ALL = read();
  }
}
