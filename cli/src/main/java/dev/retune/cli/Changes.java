package dev.retune.cli;

import dev.retune.cli.text.Style;
import dev.retune.cli.text.Table;
import dev.retune.cli.text.Table.Cell;
import dev.retune.kube.Json;
import dev.retune.kubelet.Hazards.Hazard;
import dev.retune.kubelet.Hazards.HazardClass;
import dev.retune.kubelet.diff.Change;
import dev.retune.kubelet.diff.Change.Kind;
import dev.retune.kubelet.diff.ConfigDiff;
import dev.retune.kubelet.diff.Cost;
import dev.retune.kubelet.value.Words;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Differences between configs, and what they cost, in tables and for programs. */
final class Changes {
  private Changes() {}

  /** FIELD and the two values. */
  static Table values(ConfigDiff diff, String from, String to) {
    var table = new Table(List.of("FIELD", from, to));
    diff.changes().forEach(change -> table.add(values(change)));
    return table;
  }

  /** The same with what each change means for a running node. */
  static Table costs(ConfigDiff diff) {
    var table = new Table(List.of("FIELD", "FROM", "TO", "CLASS", "COST"));
    for (Change change : diff.changes()) {
      var row = new ArrayList<>(values(change));
      row.add(Cell.of(String.join(",", classes(change))));
      row.add(new Cell(word(change.cost()), style(change.cost())));
      table.add(row);
    }
    return table;
  }

  private static List<Cell> values(Change change) {
    return List.of(
        Cell.of(Words.shortened(change.field())),
        Cell.of(change.kind() == Kind.ADDED ? "" : value(change.before())),
        Cell.of(change.kind() == Kind.REMOVED ? "" : value(change.after())));
  }

  /** A value on one line: text as it is, everything else as JSON. */
  static String value(@Nullable Object value) {
    return value instanceof String text && !text.isEmpty()
        ? Words.shortened(text)
        : Words.shortened(new String(Json.write(value), StandardCharsets.UTF_8));
  }

  /** A change as programs read it. */
  static Map<String, @Nullable Object> tree(Change change) {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("field", change.field());
    tree.put("kind", change.kind().name().toLowerCase(Locale.ROOT));
    tree.put("from", change.before());
    tree.put("to", change.after());
    return tree;
  }

  /** The same with what it means for a running node. */
  static Map<String, @Nullable Object> treeWithCost(Change change) {
    var tree = tree(change);
    tree.put("classes", classes(change));
    tree.put("cost", word(change.cost()));
    tree.put("handling", change.hazard().map(Hazard::handling).orElse(""));
    return tree;
  }

  private static List<String> classes(Change change) {
    return change.hazard().map(Changes::classes).orElse(List.of());
  }

  static List<String> classes(Hazard hazard) {
    return hazard.classes().stream().map(Changes::letter).collect(Collectors.toList());
  }

  /** {@code D}, {@code latent}. */
  static String letter(HazardClass hazard) {
    return hazard == HazardClass.LATENT ? "latent" : hazard.name();
  }

  /** A cost in one word. */
  static String word(Cost cost) {
    return cost.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A cost in a sentence. */
  static String sentence(Cost cost) {
    return switch (cost) {
      case NOTHING -> "nothing: no current kubelet looks at it";
      case RESTART -> "a restart of the kubelet; pods go on";
      case STATE_FILE ->
          "a restart of the kubelet, with a state file of its resource managers moved aside";
      case DRAIN -> "a drain of the node, then a restart of the kubelet";
      case REBOOT -> "a drain and a reboot of the node";
    };
  }

  private static Style style(Cost cost) {
    return switch (cost) {
      case NOTHING, RESTART -> Style.PLAIN;
      case STATE_FILE, DRAIN -> Style.BUSY;
      case REBOOT -> Style.BAD;
    };
  }
}
