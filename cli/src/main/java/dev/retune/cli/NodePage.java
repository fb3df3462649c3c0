package dev.retune.cli;

import dev.retune.agent.node.KubeadmFiles;
import dev.retune.cli.text.Style;
import dev.retune.cli.text.Table;
import dev.retune.cli.text.Table.Cell;
import dev.retune.kube.Tree;
import dev.retune.kubelet.FieldReference;
import dev.retune.kubelet.Source;
import dev.retune.kubelet.Verdict;
import dev.retune.kubelet.effective.EffectiveConfig;
import dev.retune.kubelet.effective.EffectiveConfig.Lost;
import dev.retune.kubelet.effective.Setting;
import dev.retune.kubelet.effective.Setting.Overridden;
import dev.retune.kubelet.flags.GivenFlag;
import dev.retune.kubelet.flags.TextFile;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A node's kubelet for people and for programs. */
record NodePage(NodeView view) {
  private static final int LABEL_WIDTH = 15;

  /** Flags that say where the kubelet's files are; they are told elsewhere or of no interest. */
  private static final Set<String> PLACES =
      Set.of("config", "config-dir", "kubeconfig", "bootstrap-kubeconfig");

  /** Where things come from, and the fields that are not as a kubelet has them by itself. */
  void print(boolean all, PrintWriter out, boolean colors) {
    label(out, "Kubelet", view.version() + executableText() + processText());
    label(out, "Config", configText());
    labels(out, "Drop-ins", view.dropIns().stream().map(TextFile::name).toList());
    labels(
        out,
        "Flags",
        view.commandLine().flags().stream()
            .filter(given -> !PLACES.contains(given.flag().name()))
            .map(GivenFlag::toString)
            .toList());
    labels(out, "From the node", instance());
    view.problems()
        .forEach(problem -> label(out, Style.BAD.paint("Problem", colors), problem, "Problem"));
    out.println();
    var settings =
        view.effective().map(EffectiveConfig::settings).orElse(List.of()).stream()
            .filter(setting -> all || !setting.isDefault() || !setting.overrides().isEmpty())
            .toList();
    var lost = view.effective().map(EffectiveConfig::lost).orElse(List.of());
    if (settings.isEmpty() && lost.isEmpty()) {
      out.println(
          readable() ? "every field has its default; --all shows them" : "no field is known");
    } else {
      table(settings, lost).print(out, colors);
    }
    out.flush();
  }

  /** One field, or all that are below it. */
  void print(String field, PrintWriter out, boolean colors) {
    var settings = below(field);
    for (Setting setting : settings) {
      out.println("FIELD: " + Style.STRONG.paint(setting.field(), colors));
      heading(out, "VALUE");
      out.println("    " + value(setting.value()));
      heading(out, "SOURCE");
      out.println("    " + source(setting));
      if (!setting.overrides().isEmpty()) {
        heading(out, "WITHOUT EFFECT");
        setting
            .overrides()
            .forEach(under -> out.println("    " + value(under.value()) + "   " + under.source()));
      }
      out.println();
    }
    var lost = lost(field);
    for (Lost gone : lost) {
      out.println("FIELD: " + Style.STRONG.paint(gone.field(), colors));
      heading(out, "WITHOUT EFFECT");
      out.println("    " + value(gone.value()) + "   " + lostSource(gone));
      out.println();
    }
    if (settings.isEmpty() && lost.isEmpty()) {
      out.println("FIELD: " + Style.STRONG.paint(field, colors));
      heading(out, "VALUE");
      out.println("    not set, and there is no default");
    }
    view.problems().forEach(problem -> out.println("problem: " + problem));
    out.flush();
  }

  /** The same for programs; all of it, or one field. */
  Map<String, @Nullable Object> toTree(@Nullable String field, boolean all) {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("kubeletVersion", view.version().toString());
    tree.put("executable", view.executable());
    view.process().ifPresent(process -> tree.put("process", process.pid()));
    tree.put("config", view.config().map(TextFile::name).orElse(""));
    tree.put("localConfig", view.local().map(TextFile::name).orElse(""));
    tree.put("activatedByRetune", view.byRetune());
    tree.put("dropIns", view.dropIns().stream().map(TextFile::name).toList());
    tree.put(
        "flags",
        view.commandLine().flags().stream()
            .map(given ->
                Tree.object(
                    "flag",
                    "--" + given.flag().name(),
                    "value",
                    given.value(),
                    "source",
                    given.origin().toString()))
            .toList());
    tree.put("fromTheNode", instance());
    tree.put(
        "fields",
        (field == null
                ? view.effective().map(EffectiveConfig::settings).orElse(List.of()).stream()
                    .filter(setting -> all || !setting.isDefault())
                    .toList()
                : below(field))
            .stream().map(NodePage::tree).toList());
    tree.put(
        "withoutEffect",
        lost(field == null ? "" : field).stream()
            .map(gone ->
                Tree.object(
                    "field",
                    gone.field(),
                    "value",
                    gone.value(),
                    "source",
                    gone.source().toString(),
                    "by",
                    gone.by().map(Source::toString).orElse("")))
            .toList());
    tree.put("problems", view.problems());
    return tree;
  }

  /** Refuses a field that the kubelet does not have. */
  void check(String field) {
    String path = field.replaceAll("\\[[^]]*]", "");
    var version = view.version().judgedAs();
    if (FieldReference.of(path, version, version).isEmpty()) {
      throw Failure.of(
          "kubelet "
              + view.version()
              + " has no field \""
              + path
              + "\""
              + FieldReference.didYouMean(path),
          "see 'retune explain --kubelet-version " + version + "' for all fields");
    }
  }

  /** Whether the kubelet can read its own files. */
  boolean readable() {
    return view.effective()
        .map(effective -> effective.judgement().verdict() != Verdict.DECODE)
        .orElse(false);
  }

  private List<Setting> below(String field) {
    return view.effective().map(effective -> effective.below(field)).orElse(List.of());
  }

  private List<Lost> lost(String field) {
    return view.effective().map(EffectiveConfig::lost).orElse(List.of()).stream()
        .filter(gone -> gone.field().startsWith(field))
        .toList();
  }

  private static Map<String, @Nullable Object> tree(Setting setting) {
    var tree =
        Tree.object(
            "field",
            setting.field(),
            "value",
            setting.value(),
            "source",
            setting.source().toString(),
            "isDefault",
            setting.isDefault());
    setting.part().ifPresent(part -> tree.put("madeOf", part.toString()));
    tree.put(
        "overrides",
        setting.overrides().stream()
            .map(under -> Tree.object("value", under.value(), "source", under.source().toString()))
            .toList());
    return tree;
  }

  private Table table(List<Setting> settings, List<Lost> lost) {
    var table = new Table(List.of("FIELD", "VALUE", "SOURCE"));
    for (Setting setting : settings) {
      table.add(
          List.of(
              Cell.of(setting.field()), Cell.of(value(setting.value())), Cell.of(source(setting))));
      for (Overridden under : setting.overrides()) {
        table.add(
            List.of(
                new Cell("  without effect", Style.FAINT),
                new Cell(value(under.value()), Style.FAINT),
                new Cell(under.source().toString(), Style.FAINT)));
      }
    }
    for (Lost gone : lost) {
      table.add(
          List.of(
              new Cell(gone.field(), Style.FAINT),
              new Cell(value(gone.value()), Style.FAINT),
              new Cell("without effect: " + lostSource(gone), Style.FAINT)));
    }
    return table;
  }

  private static String source(Setting setting) {
    return setting.source() + setting.part().map(part -> ", out of " + part).orElse("");
  }

  private static String lostSource(Lost gone) {
    return gone.source() + gone.by().map(by -> ", gone by " + by).orElse("");
  }

  private static String value(@Nullable Object value) {
    return value == null ? "none" : Changes.value(value);
  }

  private String executableText() {
    return view.executable().isEmpty() ? "" : ", " + view.executable();
  }

  private String processText() {
    return view.process().map(process -> ", process " + process.pid()).orElse("");
  }

  private String configText() {
    var local = view.local().map(TextFile::name).orElse("none");
    return view.config().isEmpty()
        ? "none that can be read"
        : view.config().get().name()
            + (view.byRetune() ? ", put there by Retune; the local one is " + local : "");
  }

  /** What makes this node's config another one than the cluster's (docs/kubeadm.md). */
  private List<String> instance() {
    var found = new ArrayList<String>();
    view.node().patches().forEach(patch -> found.add(patch.name()));
    view.node().instanceConfig().ifPresent(file -> found.add(file.name()));
    if (view.node().resolved()
        && view.config().map(TextFile::name).orElse("").equals(KubeadmFiles.CONFIG.toString())) {
      found.add("systemd-resolved");
    }
    return found;
  }

  private static void heading(PrintWriter out, String text) {
    out.println();
    out.println(text + ":");
  }

  private static void labels(PrintWriter out, String name, List<String> values) {
    for (int i = 0; i < values.size(); i++) {
      label(out, i == 0 ? name : "", values.get(i));
    }
  }

  private static void label(PrintWriter out, String name, String value) {
    label(out, name, value, name);
  }

  /** A label as wide as its plain text, which colours do not count for. */
  private static void label(PrintWriter out, String shown, String value, String plain) {
    String colon = plain.isEmpty() ? " " : ":";
    out.println(shown + colon + " ".repeat(Math.max(1, LABEL_WIDTH - plain.length())) + value);
  }
}
