package dev.retune.kubelet.flags;

import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.document.Node.Entry;
import dev.retune.kubelet.value.GoBool;
import dev.retune.kubelet.value.GoDuration;
import dev.retune.kubelet.value.Quantity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the text behind a flag means, as the value a document would have for it. */
final class FlagValues {

  private FlagValues() {}

  /**
   * The value of a flag given once or, when it adds up, several times; empty when the kubelet does
   * not read one of them.
   */
  static Optional<Node> node(Flag flag, List<String> values) {
    String last = values.getLast();
    return switch (flag.kind()) {
      case BOOL -> GoBool.parse(last).map(value -> new Node.Bool(value, 0, 0));
      case INT -> number(last);
      case FLOAT -> decimal(last);
      case DURATION -> GoDuration.parse(last).isPresent() ? text(last) : Optional.empty();
      case STRING -> text(last);
      case QUANTITY -> Quantity.parse(last).isPresent() ? text(last) : Optional.empty();
      case LIST -> all(values, FlagValues::list).map(FlagValues::sequence);
      case MAP -> all(values, value -> pairs(value, '=')).map(FlagValues::mapping);
      case THRESHOLDS -> all(values, value -> pairs(value, '<')).map(FlagValues::mapping);
      case GATES -> gates(values);
      case PAIR -> all(values, FlagValues::pair).map(FlagValues::mapping);
      case TAINTS -> taints(last).map(FlagValues::sequence);
      case RESERVED_MEMORY -> all(values, FlagValues::reservations).map(FlagValues::sequence);
      case HEADERS -> all(values, value -> pairs(value, ':')).map(FlagValues::headers);
      case VMODULE -> all(values, FlagValues::modules).map(FlagValues::sequence);
    };
  }

  /** The gates of one {@code --feature-gates}; empty when it is malformed. */
  static Optional<Map<String, Boolean>> gates(String value) {
    Map<String, Boolean> gates = new LinkedHashMap<>();
    for (String pair : parts(value, ',')) {
      int equals = pair.indexOf('=');
      Optional<Boolean> on =
          equals < 0 ? Optional.empty() : GoBool.parse(pair.substring(equals + 1).strip());
      if (on.isEmpty()) {
        return Optional.empty();
      }
      gates.put(pair.substring(0, equals).strip(), on.get());
    }
    return Optional.of(gates);
  }

  private static Optional<Node> text(String value) {
    return Optional.of(new Node.Text(value, 0, 0));
  }

  /**
   * A whole number as Go reads one whose base is open: {@code 0x6e}, {@code 0o156}, {@code 010}.
   */
  private static Optional<Node> number(String text) {
    boolean negative = text.startsWith("-");
    String digits =
        (negative || text.startsWith("+") ? text.substring(1) : text).toLowerCase(Locale.ROOT);
    int radix = 10;
    if (digits.length() > 1 && digits.charAt(0) == '0') {
      radix =
          switch (digits.charAt(1)) {
            case 'x' -> 16;
            case 'b' -> 2;
            default -> 8;
          };
      digits = digits.substring("xbo".indexOf(digits.charAt(1)) >= 0 ? 2 : 1);
    }
    if (!digits.matches("[0-9a-f]{1,15}")) {
      return Optional.empty();
    }
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = Character.digit(digits.charAt(i), radix);
      if (digit < 0) {
        return Optional.empty();
      }
      value = value * radix + digit;
    }
    return Optional.of(new Node.Numeral(Long.toString(negative ? -value : value), 0, 0));
  }

  private static Optional<Node> decimal(String text) {
    return text.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
        ? Optional.of(new Node.Numeral(Double.toString(Double.parseDouble(text)), 0, 0))
        : Optional.empty();
  }

  private static Optional<Node> gates(List<String> values) {
    Map<String, Boolean> all = new LinkedHashMap<>();
    for (String value : values) {
      Optional<Map<String, Boolean>> gates = gates(value);
      if (gates.isEmpty()) {
        return Optional.empty();
      }
      all.putAll(gates.get());
    }
    List<Entry> entries = new ArrayList<>();
    all.forEach((name, on) -> entries.add(new Entry(name, new Node.Bool(on, 0, 0), 0, 0)));
    return Optional.of(new Node.Mapping(entries, 0, 0));
  }

  /** Reads one value into its parts; empty when it is malformed. */
  private interface Parser<T> {
    Optional<List<T>> parse(String value);
  }

  private static <T> Optional<List<T>> all(List<String> values, Parser<T> parser) {
    List<T> all = new ArrayList<>();
    for (String value : values) {
      Optional<List<T>> parts = parser.parse(value);
      if (parts.isEmpty()) {
        return Optional.empty();
      }
      all.addAll(parts.get());
    }
    return Optional.of(all);
  }

  private static Node sequence(List<Node> elements) {
    return new Node.Sequence(elements, 0, 0);
  }

  private static Node mapping(List<Entry> entries) {
    Map<String, Entry> byKey = new LinkedHashMap<>();
    entries.forEach(entry -> byKey.put(entry.key(), entry));
    return new Node.Mapping(List.copyOf(byKey.values()), 0, 0);
  }

  /** Each header has a list of values. */
  private static Node headers(List<Entry> entries) {
    Map<String, List<Node>> byKey = new LinkedHashMap<>();
    entries.forEach(
        entry -> byKey.computeIfAbsent(entry.key(), key -> new ArrayList<>()).add(entry.value()));
    List<Entry> lists = new ArrayList<>();
    byKey.forEach((key, values) -> lists.add(new Entry(key, sequence(values), 0, 0)));
    return new Node.Mapping(lists, 0, 0);
  }

  private static Optional<List<Node>> list(String value) {
    List<Node> elements = new ArrayList<>();
    for (String part : value.isEmpty() ? new String[0] : value.split(",", -1)) {
      elements.add(new Node.Text(part, 0, 0));
    }
    return Optional.of(elements);
  }

  private static Optional<List<Entry>> pairs(String value, char between) {
    List<Entry> entries = new ArrayList<>();
    for (String pair : parts(value, ',')) {
      int at = pair.indexOf(between);
      if (at < 0) {
        return Optional.empty();
      }
      Node text = new Node.Text(pair.substring(at + 1).strip(), 0, 0);
      entries.add(new Entry(pair.substring(0, at).strip(), text, 0, 0));
    }
    return Optional.of(entries);
  }

  private static Optional<List<Entry>> pair(String value) {
    int equals = value.indexOf('=');
    return equals < 0
        ? Optional.empty()
        : Optional.of(
            List.of(
                entry(value.substring(0, equals).strip(), value.substring(equals + 1).strip())));
  }

  /** {@code key=value:effect} and {@code key:effect}; one that ends in a dash takes none away. */
  private static Optional<List<Node>> taints(String value) {
    List<Node> taints = new ArrayList<>();
    for (String taint : parts(value, ',')) {
      if (taint.endsWith("-")) {
        continue;
      }
      int colon = taint.lastIndexOf(':');
      int equals = taint.indexOf('=');
      if (colon <= 0 || equals == 0 || equals > colon) {
        return Optional.empty();
      }
      taints.add(
          mapping(
              List.of(
                  entry("key", taint.substring(0, equals < 0 ? colon : equals)),
                  entry("value", equals < 0 ? "" : taint.substring(equals + 1, colon)),
                  entry("effect", taint.substring(colon + 1)))));
    }
    return Optional.of(taints);
  }

  /** {@code 0:memory=1Gi,hugepages-2Mi=512Mi;1:memory=2Gi}. */
  private static Optional<List<Node>> reservations(String value) {
    List<Node> reservations = new ArrayList<>();
    for (String reservation : parts(value, ';')) {
      int colon = reservation.indexOf(':');
      Optional<Node> node = colon < 0 ? Optional.empty() : number(reservation.substring(0, colon));
      Optional<List<Entry>> limits =
          colon < 0 ? Optional.empty() : pairs(reservation.substring(colon + 1), '=');
      if (node.isEmpty() || limits.isEmpty() || !areQuantities(limits.get())) {
        return Optional.empty();
      }
      reservations.add(
          mapping(
              List.of(
                  new Entry("numaNode", node.get(), 0, 0),
                  new Entry("limits", mapping(limits.get()), 0, 0))));
    }
    return Optional.of(reservations);
  }

  private static boolean areQuantities(List<Entry> limits) {
    return limits.stream()
        .allMatch(limit ->
            limit.value() instanceof Node.Text text && Quantity.parse(text.value()).isPresent());
  }

  private static Optional<List<Node>> modules(String value) {
    List<Node> modules = new ArrayList<>();
    for (String module : parts(value, ',')) {
      int equals = module.indexOf('=');
      Optional<Node> level = equals <= 0 ? Optional.empty() : number(module.substring(equals + 1));
      if (level.isEmpty()) {
        return Optional.empty();
      }
      modules.add(
          mapping(
              List.of(
                  entry("filePattern", module.substring(0, equals)),
                  new Entry("verbosity", level.get(), 0, 0))));
    }
    return Optional.of(modules);
  }

  private static Entry entry(String key, String value) {
    return new Entry(key, new Node.Text(value, 0, 0), 0, 0);
  }

  private static List<String> parts(String value, char between) {
    List<String> parts = new ArrayList<>();
    for (String part : value.split(String.valueOf(between), -1)) {
      if (!part.isBlank()) {
        parts.add(part.strip());
      }
    }
    return parts;
  }
}
