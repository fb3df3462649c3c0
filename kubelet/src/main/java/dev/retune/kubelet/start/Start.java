package dev.retune.kubelet.start;

import dev.retune.kubelet.Complaint;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.NodeFacts;
import dev.retune.kubelet.Precondition;
import dev.retune.kubelet.Precondition.Consequence;
import dev.retune.kubelet.facts.Facts;
import dev.retune.kubelet.rules.Gates;
import dev.retune.kubelet.value.Quantity;
import dev.retune.kubelet.value.Words;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One kubelet about to start: its configuration after defaulting, and what was found. */
final class Start {

  private final Map<String, ? extends @Nullable Object> effective;
  private final KubeletVersion version;
  private final Gates gates;
  private final NodeFacts node;
  private final List<Precondition> found = new ArrayList<>();

  Start(Map<String, ? extends @Nullable Object> effective, KubeletVersion version, NodeFacts node) {
    this.effective = effective;
    this.version = version;
    this.node = node;
    Facts facts = Facts.of(version.judgedAs());
    this.gates =
        new Gates(
            facts, effective.get("featureGates") instanceof Map<?, ?> m ? keyed(m) : Map.of());
  }

  private static Map<String, Object> keyed(Map<?, ?> map) {
    Map<String, Object> keyed = new TreeMap<>();
    map.forEach((key, value) -> keyed.put(String.valueOf(key), value));
    return keyed;
  }

  KubeletVersion version() {
    return version;
  }

  Gates gates() {
    return gates;
  }

  NodeFacts node() {
    return node;
  }

  List<Precondition> found() {
    return List.copyOf(found);
  }

  /** Notes something the kubelet exits over. */
  void exits(String field, String what) {
    exits(field, what, "");
  }

  /**
   * The same with something to add behind the consequence.
   *
   * @param more a suggestion such as {@code ; did you mean "cpu"?}, or nothing
   */
  void exits(String field, String what, String more) {
    note(field, what, Consequence.EXITS, more);
  }

  /** Notes something the kubelet goes on without. */
  void noEffect(String field, String what) {
    note(field, what, Consequence.NO_EFFECT, "");
  }

  private void note(String field, String what, Consequence consequence, String more) {
    found.add(
        new Precondition(
            Complaint.of(field, what + "; " + consequence.words() + more), consequence));
  }

  /** The value at the end of a way through objects; null when there is none. */
  @Nullable Object value(String... way) {
    Object value = effective;
    for (String step : way) {
      value = value instanceof Map<?, ?> map ? map.get(step) : null;
    }
    return value;
  }

  /** A string; empty when there is none. */
  String text(String... way) {
    return value(way) instanceof String text ? text : "";
  }

  /** A map of strings in the order of its keys; empty when there is none. */
  Map<String, String> map(String field) {
    Map<String, String> strings = new TreeMap<>();
    if (value(field) instanceof Map<?, ?> map) {
      map.forEach((key, value) -> strings.put(String.valueOf(key), String.valueOf(value)));
    }
    return strings;
  }

  /** Whether this version has the gate, and has it off. */
  boolean isOff(String gate) {
    return gates.knows(gate) && !gates.on(gate);
  }

  /** Whether a switch is on; one that is not there is not. */
  boolean isOn(String... way) {
    return Boolean.TRUE.equals(value(way));
  }

  /** A list; empty when there is none. */
  List<?> list(String field) {
    return value(field) instanceof List<?> list ? list : List.of();
  }

  /** The path of a key in a map. */
  static String path(String field, String key) {
    return field + "[" + Words.shortened(key) + "]";
  }

  /**
   * A reservation as the kubelet takes it: {@code reservedSystemCPUs} leaves kubeReserved without
   * CPU, and its number of CPUs takes the place of what systemReserved says ({@code run} in the
   * kubelet, 1.25 to 1.36).
   */
  Map<String, String> reservation(String field) {
    Map<String, String> reservation = map(field);
    CpuList.parse(text(CpuList.FIELD))
        .ifPresent(cpus -> {
          if (field.equals("kubeReserved")) {
            reservation.remove("cpu");
          } else {
            reservation.put("cpu", Long.toString(cpus.size()));
          }
        });
    return reservation;
  }

  /** What a reservation keeps of a resource; nothing when it cannot be read. */
  BigDecimal reserved(String field, String resource) {
    return Optional.ofNullable(reservation(field).get(resource))
        .flatMap(Quantity::parse)
        .map(Quantity::amount)
        .orElse(BigDecimal.ZERO);
  }
}
