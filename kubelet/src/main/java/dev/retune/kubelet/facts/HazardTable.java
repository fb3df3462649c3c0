package dev.retune.kubelet.facts;

import dev.retune.kubelet.Hazards.Hazard;
import dev.retune.kubelet.Hazards.HazardClass;
import dev.retune.kubelet.document.Node;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The hazards, read on first use. */
public final class HazardTable {

  private HazardTable() {}

  /** Field to hazard, in the order of the kubelet's own types. */
  public static Map<String, Hazard> all() {
    return Holder.ALL;
  }

  private static Map<String, Hazard> read() {
    Map<String, Hazard> hazards = new LinkedHashMap<>();
    for (Node.Entry entry : Facts.resource("hazards.json").entries()) {
      if (entry.value() instanceof Node.Mapping hazard) {
        hazards.put(entry.key(), hazard(hazard));
      }
    }
    return Collections.unmodifiableMap(hazards);
  }

  private static Hazard hazard(Node.Mapping mapping) {
    Set<HazardClass> classes = EnumSet.noneOf(HazardClass.class);
    String handling = "";
    for (Node.Entry entry : mapping.entries()) {
      if (entry.value() instanceof Node.Sequence names) {
        for (Node name : names.elements()) {
          classes.add(HazardClass.valueOf(Facts.text(name).toUpperCase(Locale.ROOT)));
        }
      } else {
        handling = Facts.text(entry.value());
      }
    }
    return new Hazard(Collections.unmodifiableSet(classes), handling);
  }

  private static final class Holder {
    static final Map<String, Hazard> ALL = read();
  }
}
