package dev.retune.kubelet.kubeadm;

import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.document.Node.Entry;
import dev.retune.kubelet.document.Node.Mapping;
import dev.retune.kubelet.document.UnreadableException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A strategic merge patch on the kubelet's configuration. No list in its types has a key to merge
 * by ({@code patchMergeKey}), so lists are replaced and objects merged key by key; an object can
 * say {@code $patch: replace} or {@code $patch: delete} of itself.
 */
final class StrategicPatch {

  private static final String DIRECTIVE = "$patch";

  private StrategicPatch() {}

  static Mapping apply(Mapping target, Mapping patch) throws UnreadableException {
    String directive = directive(patch);
    if (directive.equals("replace")) {
      return new Mapping(withoutDirective(patch), target.line(), target.column());
    }
    Map<String, Entry> merged = new LinkedHashMap<>();
    target.entries().forEach(entry -> merged.put(entry.key(), entry));
    for (Entry entry : withoutDirective(patch)) {
      if (entry.key().startsWith("$")) {
        throw new UnreadableException(
            "\"" + entry.key() + "\" is not supported here; write the list out, or use +merge",
            0,
            0);
      }
      Entry under = merged.get(entry.key());
      switch (entry.value()) {
        case Node.Null nothing -> merged.remove(entry.key());
        case Mapping inner when directive(inner).equals("delete") -> merged.remove(entry.key());
        case Mapping inner -> {
          Mapping below =
              under != null && under.value() instanceof Mapping m
                  ? m
                  : new Mapping(List.of(), 0, 0);
          merged.put(
              entry.key(),
              new Entry(entry.key(), apply(below, inner), entry.line(), entry.column()));
        }
        default -> merged.put(entry.key(), entry);
      }
    }
    return new Mapping(new ArrayList<>(merged.values()), target.line(), target.column());
  }

  private static String directive(Mapping patch) throws UnreadableException {
    for (Entry entry : patch.entries()) {
      if (entry.key().equals(DIRECTIVE)) {
        String text = entry.value() instanceof Node.Text value ? value.value() : "";
        if (!List.of("merge", "replace", "delete").contains(text)) {
          throw new UnreadableException(
              DIRECTIVE + " can be merge, replace or delete", entry.line(), entry.column());
        }
        return text;
      }
    }
    return "merge";
  }

  private static List<Entry> withoutDirective(Mapping patch) {
    return patch.entries().stream().filter(entry -> !entry.key().equals(DIRECTIVE)).toList();
  }
}
