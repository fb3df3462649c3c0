package dev.retune.kubelet.document;

import dev.retune.kubelet.document.Node.Entry;
import dev.retune.kubelet.document.Node.Mapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON merge patch (RFC 7386): objects are merged key by key, null takes a key away. */
public final class MergePatch {

  private MergePatch() {}

  /** What the patch makes of the target; values keep the place of the one that has them. */
  public static Mapping apply(Mapping target, Mapping patch) {
    Map<String, Entry> merged = new LinkedHashMap<>();
    for (Entry entry : target.entries()) {
      put(merged, entry, entry.value());
    }
    for (Entry entry : patch.entries()) {
      Entry under = merged.get(entry.key());
      switch (entry.value()) {
        case Node.Null nothing -> merged.remove(entry.key());
        case Mapping inner -> {
          Mapping below = under != null && under.value() instanceof Mapping m ? m : empty();
          put(merged, entry, apply(below, inner));
        }
        default -> put(merged, entry, entry.value());
      }
    }
    return new Mapping(new ArrayList<>(merged.values()), target.line(), target.column());
  }

  private static void put(Map<String, Entry> merged, Entry entry, Node value) {
    merged.put(entry.key(), new Entry(entry.key(), value, entry.line(), entry.column()));
  }

  private static Mapping empty() {
    return new Mapping(List.of(), 0, 0);
  }
}
