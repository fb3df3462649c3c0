package dev.retune.kubelet;

import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.flags.CommandLine;
import dev.retune.kubelet.flags.Flag;
import dev.retune.kubelet.flags.GivenFlag;
import dev.retune.kubelet.value.Decoder;
import dev.retune.kubelet.value.Encoder;
import dev.retune.kubelet.value.StructValue;
import dev.retune.kubelet.value.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts a kubelet's flags over a configuration as the kubelet does when it parses its command line a
 * second time over what it read from the file ({@code kubeletConfigFlagPrecedence}, 1.25 to 1.36):
 * a flag replaces the field, gates are merged one by one, and the command line's win there too.
 */
final class Overrides {

  private final CommandLine commandLine;
  private final Node.Mapping document;
  private final List<Shadowed> shadowed = new ArrayList<>();

  /**
   * @param document the document as it was given, which tells what the flags take the effect of
   */
  Overrides(CommandLine commandLine, Node.Mapping document) {
    this.commandLine = commandLine;
    this.document = document;
  }

  /** The fields of the document that flags took the effect of, once {@link #apply} has run. */
  List<Shadowed> shadowed() {
    return List.copyOf(shadowed);
  }

  /** Sets what the flags set, other than the gates. */
  void apply(StructValue config, Decoder decoder) {
    Map<String, List<GivenFlag>> byField = new LinkedHashMap<>();
    for (GivenFlag given : commandLine.settingFields()) {
      if (given.flag().kind() != Flag.Kind.GATES) {
        byField.computeIfAbsent(given.flag().field(), field -> new ArrayList<>()).add(given);
      }
    }
    byField.forEach((field, given) -> set(config, field, given, decoder));
  }

  private void set(StructValue config, String field, List<GivenFlag> given, Decoder decoder) {
    List<String> steps = given.getLast().flag().steps();
    Object before = value(config, steps);
    boolean adds = given.getLast().flag().kind() == Flag.Kind.VMODULE;
    GivenFlag.node(given)
        .map(node -> adds ? behind(before, node) : node)
        .ifPresent(node -> decoder.replace(config, steps, node));
    if (!adds && isGiven(steps)) {
      boolean differs = !Objects.equals(before, value(config, steps));
      shadowed.add(new Shadowed(field, new Source.Flag(given.getLast()), differs));
    }
  }

  /** {@code --vmodule} alone adds to what the file has. */
  private static Node behind(@Nullable Object before, Node given) {
    List<Node> all = new ArrayList<>();
    if (before instanceof List<?> modules) {
      modules.forEach(module -> all.add(Node.ofTree(Encoder.encode((StructValue) module))));
    }
    if (given instanceof Node.Sequence more) {
      all.addAll(more.elements());
    }
    return new Node.Sequence(all, 0, 0);
  }

  /**
   * The gates in effect.
   *
   * @param given the document's
   */
  Map<String, ?> gates(Map<String, ?> given) {
    Map<String, Boolean> flags = commandLine.gates();
    if (flags.isEmpty()) {
      return given;
    }
    Map<String, Object> merged = new TreeMap<>(given);
    flags.forEach((gate, on) -> {
      Object before = merged.put(gate, on);
      if (before != null) {
        commandLine
            .settingGate(gate)
            .ifPresent(flag ->
                shadowed.add(
                    new Shadowed(
                        "featureGates[" + Words.shortened(gate) + "]",
                        new Source.Flag(flag),
                        !before.equals(on))));
      }
    });
    return merged;
  }

  /** Says behind a complaint that its value comes from a flag, when it does. */
  Complaint remarked(Complaint complaint) {
    for (GivenFlag given : commandLine.settingFields()) {
      String field = given.flag().field();
      boolean gate =
          given.flag().kind() == Flag.Kind.GATES
              && commandLine.gates().keySet().stream()
                  .anyMatch(name -> complaint.field().equals("featureGates[" + name + "]"));
      if (gate || (!field.equals("featureGates") && isWithin(complaint.field(), field))) {
        return new Complaint(
            complaint.field(),
            complaint.message()
                + " (set by --"
                + given.flag().name()
                + " in "
                + given.origin()
                + ")",
            complaint.line(),
            complaint.column());
      }
    }
    return complaint;
  }

  static boolean isWithin(String path, String field) {
    return path.startsWith(field)
        && (path.length() == field.length() || ".[".indexOf(path.charAt(field.length())) >= 0);
  }

  private boolean isGiven(List<String> steps) {
    Node at = document;
    for (String step : steps) {
      Node next = null;
      if (at instanceof Node.Mapping mapping) {
        for (Node.Entry entry : mapping.entries()) {
          next = entry.key().equals(step) ? entry.value() : next;
        }
      }
      if (next == null) {
        return false;
      }
      at = next;
    }
    return !(at instanceof Node.Null);
  }

  private static @Nullable Object value(StructValue config, List<String> steps) {
    Object value = config;
    for (String step : steps) {
      value = value instanceof StructValue struct ? struct.get(step) : null;
    }
    return value;
  }
}
