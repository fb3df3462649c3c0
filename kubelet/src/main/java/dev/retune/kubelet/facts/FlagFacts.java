package dev.retune.kubelet.facts;

import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.flags.Flag;
import dev.retune.kubelet.flags.Flag.Kind;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** All flags kubelets have had since 1.18, read on first use. */
public final class FlagFacts {

  private static final int STILL = Integer.MAX_VALUE;

  private FlagFacts() {}

  /** By name, in alphabetical order. */
  public static Map<String, Flag> all() {
    return Holder.ALL;
  }

  private static Map<String, Flag> read() {
    Map<String, Flag> flags = new LinkedHashMap<>();
    for (Node.Entry entry : Facts.resource("flags.json").entries()) {
      if (entry.value() instanceof Node.Mapping flag) {
        flags.put(entry.key(), flag(entry.key(), flag));
      }
    }
    return Collections.unmodifiableMap(flags);
  }

  private static Flag flag(String name, Node.Mapping mapping) {
    Kind kind = Kind.STRING;
    String field = "";
    int since = 0;
    int until = STILL;
    for (Node.Entry entry : mapping.entries()) {
      switch (entry.key()) {
        case "kind" -> kind = Kind.valueOf(Facts.text(entry.value()).toUpperCase(Locale.ROOT));
        case "field" -> field = Facts.text(entry.value());
        case "since" -> since = Facts.number(entry.value());
        case "until" -> until = Facts.number(entry.value());
        default -> {}
      }
    }
    return new Flag(name, kind, field, since, until);
  }

  private static final class Holder {
    static final Map<String, Flag> ALL = read();
  }
}
