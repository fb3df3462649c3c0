package dev.retune.cli;

import dev.retune.cli.text.Style;
import dev.retune.kube.Tree;
import dev.retune.kubelet.FieldReference;
import dev.retune.kubelet.FieldReference.Default;
import dev.retune.kubelet.Hazards.Hazard;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.diff.Cost;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One field, laid out as {@code kubectl explain} does it.
 *
 * @param everywhere what is known of it over all versions
 * @param there the same in the version that is explained
 * @param node the node that was asked about
 * @param values what the field, or what is below it, is there
 */
record Explanation(
    FieldReference everywhere,
    FieldReference there,
    KubeletVersion version,
    Optional<String> node,
    List<NodeFields.Value> values) {
  private static final int WIDTH = 92;

  void print(PrintWriter out, boolean colors) {
    out.println("KIND:       " + KubeletDocument.KIND);
    out.println("VERSION:    " + KubeletDocument.API_VERSION + ", kubelet " + version);
    out.println();
    out.println("FIELD: " + Style.STRONG.paint(there.path(), colors) + " <" + there.type() + ">");
    node.ifPresent(name -> printOnNode(name, out));
    heading(out, "DEFAULT");
    int width =
        everywhere.defaults().stream().mapToInt(d -> shown(d.value()).length()).max().orElse(0);
    for (Default value : everywhere.defaults()) {
      var shown = shown(value.value());
      var gap = " ".repeat(width - shown.length());
      out.println("    " + shown + (everywhere.defaults().size() == 1 ? "" : gap + during(value)));
    }
    heading(out, "VERSIONS");
    out.println("    " + versions());
    if (!there.gates().isEmpty()) {
      heading(out, "FEATURE GATES IT NEEDS");
      there
          .gates()
          .forEach(gate ->
              out.println(
                  "    "
                      + gate.name()
                      + " ("
                      + gate.stage().name().toLowerCase(Locale.ROOT)
                      + ", "
                      + (gate.on() ? "on" : "off")
                      + " by default)"));
    }
    if (!there.flags().isEmpty()) {
      heading(out, "FLAGS THAT WIN OVER IT");
      there
          .flags()
          .forEach(flag -> {
            var below = flag.field().equals(there.path()) ? "" : ", for " + flag.field();
            out.println("    --" + flag.name() + " (" + flag.kind().wanted() + below + ")");
          });
    }
    heading(out, "TO CHANGE IT TAKES");
    out.println("    " + Changes.sentence(cost()));
    there.hazard().ifPresent(hazard -> print(hazard, out));
    if (!there.fields().isEmpty()) {
      heading(out, "FIELDS");
      fields().forEach((name, type) -> out.println("    " + name + " <" + type + ">"));
    }
  }

  private void printOnNode(String name, PrintWriter out) {
    heading(out, "ON NODE " + name);
    if (values.isEmpty()) {
      out.println("    not set there, or not known; the node itself knows:");
      out.println("    retune node explain " + there.path());
    }
    for (NodeFields.Value value : values) {
      var path = value.field().equals(there.path()) ? "" : value.field() + " = ";
      out.println("    " + path + Changes.value(value.value()) + "   from " + value.source());
      if (!value.withoutEffect().isEmpty()) {
        out.println("    without effect: " + value.withoutEffect());
      }
    }
  }

  private static void heading(PrintWriter out, String text) {
    out.println();
    out.println(text + ":");
  }

  private static void print(Hazard hazard, PrintWriter out) {
    hazard.classes().forEach(one -> out.println("    " + Changes.letter(one) + ": " + one.words()));
    if (!hazard.handling().isEmpty()) {
      heading(out, "SEE TO");
      wrapped(hazard.handling()).forEach(line -> out.println("    " + line));
    }
  }

  private static List<String> wrapped(String text) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  private static String shown(@Nullable Object value) {
    return value == null ? "none" : Changes.value(value);
  }

  private static String during(Default value) {
    return value.since().equals(value.until())
        ? "   in " + value.since()
        : "   from " + value.since() + " to " + value.until();
  }

  private String versions() {
    boolean first = everywhere.since().equals(KubeletVersion.oldest());
    boolean last = everywhere.until().equals(KubeletVersion.newest());
    var since = "since " + everywhere.since() + (first ? " or earlier" : "");
    return since + (last ? "" : "; " + everywhere.until() + " was the last to have it");
  }

  private Cost cost() {
    return Cost.ofField(there.path().split("\\.", 2)[0]);
  }

  private Map<String, String> fields() {
    var fields = new LinkedHashMap<String, String>();
    for (String name : there.fields()) {
      FieldReference.of(there.path() + "." + name, version, version)
          .ifPresent(field -> fields.put(name, field.type()));
    }
    return fields;
  }

  Map<String, @Nullable Object> toTree() {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("field", there.path());
    tree.put("type", there.type());
    tree.put("kubeletVersion", version.toString());
    tree.put("since", everywhere.since().toString());
    tree.put("until", everywhere.until().toString());
    node.ifPresent(name ->
        tree.put(
            "node",
            Tree.object(
                "name", name, "values", values.stream().map(NodeFields.Value::toTree).toList())));
    tree.put("defaults", everywhere.defaults().stream().map(Explanation::tree).toList());
    tree.put(
        "featureGates",
        there.gates().stream()
            .map(gate ->
                Tree.object(
                    "name",
                    gate.name(),
                    "stage",
                    gate.stage().name().toLowerCase(Locale.ROOT),
                    "on",
                    gate.on()))
            .toList());
    tree.put(
        "flags",
        there.flags().stream()
            .map(flag ->
                Tree.object(
                    "flag",
                    "--" + flag.name(),
                    "field",
                    flag.field(),
                    "wants",
                    flag.kind().wanted()))
            .toList());
    tree.put("classes", there.hazard().map(Changes::classes).orElse(List.of()));
    tree.put("cost", Changes.word(cost()));
    tree.put("handling", there.hazard().map(Hazard::handling).orElse(""));
    tree.put(
        "fields",
        fields().entrySet().stream()
            .map(field -> Tree.object("name", field.getKey(), "type", field.getValue()))
            .toList());
    return tree;
  }

  private static Map<String, @Nullable Object> tree(Default value) {
    return Tree.object(
        "since",
        value.since().toString(),
        "until",
        value.until().toString(),
        "value",
        value.value());
  }
}
