package dev.retune.cli;

import dev.retune.cli.text.Style;
import dev.retune.kubelet.Complaint;
import dev.retune.kubelet.Judgement;
import dev.retune.kubelet.KubeletConfig;
import dev.retune.kubelet.NodeFacts;
import dev.retune.kubelet.Precondition;
import dev.retune.kubelet.Precondition.Consequence;
import dev.retune.kubelet.Shadowed;
import dev.retune.kubelet.Source;
import dev.retune.kubelet.Target;
import dev.retune.kubelet.Verdict;
import dev.retune.kubelet.flags.Argument;
import dev.retune.kubelet.flags.CommandLine;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a kubelet, and Retune before it, would say to one document.
 *
 * @param source the file it came from
 * @param judgement what the kubelet's decoding and validation say
 * @param flags what is wrong with the kubelet's flags
 * @param preconditions what that kubelet finds out when it starts, as far as can be told from here
 */
record DocumentCheck(
    String source, Judgement judgement, List<Complaint> flags, List<Precondition> preconditions) {

  static DocumentCheck of(
      String source, byte[] document, KubeletOptions.Kubelet kubelet, List<Argument> arguments) {
    var flags = CommandLine.parse(arguments, kubelet.version());
    var judgement = KubeletConfig.judge(document, Target.of(kubelet.version()).with(flags));
    return of(source, judgement, flags, kubelet.facts());
  }

  /** The same for a document that was judged already, with these flags. */
  static DocumentCheck of(String source, Judgement judgement, CommandLine flags, NodeFacts facts) {
    List<Precondition> preconditions =
        judgement.verdict() == Verdict.VALID
            ? KubeletConfig.preconditions(judgement.effective(), judgement.version(), facts)
            : List.of();
    return new DocumentCheck(source, judgement, flags.problems(), preconditions);
  }

  /** Why that kubelet would not run with it; nothing when it would. */
  List<Complaint> refusals() {
    var refusals = new ArrayList<>(flags);
    refusals.addAll(judgement.errors());
    preconditions.stream()
        .filter(Precondition::exits)
        .map(Precondition::complaint)
        .forEach(refusals::add);
    return refusals;
  }

  /** Whether the agent would take it; an unknown field is ignored by kubelets, not by Retune. */
  boolean accepted() {
    return judgement.clean() && refusals().isEmpty();
  }

  /** Whether there is something to know although nothing is refused. */
  boolean hasWarnings() {
    return !judgement.warnings().isEmpty()
        || judgement.shadowed().stream().anyMatch(Shadowed::differs)
        || preconditions.stream().anyMatch(precondition -> !precondition.exits());
  }

  void print(PrintWriter out, boolean colors) {
    var headline =
        accepted()
            ? Style.GOOD.paint("valid", colors) + " for kubelet " + judgement.version()
            : Style.BAD.paint(refusal(), colors);
    out.println(source + ": " + headline);
    flags.forEach(complaint -> out.println("  " + place(complaint)));
    judgement.errors().forEach(complaint -> out.println("  " + place(complaint)));
    judgement
        .strict()
        .forEach(complaint ->
            out.println("  " + place(complaint) + " (the kubelet would go on without it)"));
    preconditions.stream()
        .filter(Precondition::exits)
        .forEach(precondition -> out.println("  " + place(precondition.complaint())));
    var warning = "  " + Style.BUSY.paint("warning: ", colors);
    preconditions.stream()
        .filter(precondition -> !precondition.exits())
        .forEach(precondition -> out.println(warning + place(precondition.complaint())));
    judgement
        .shadowed()
        .forEach(shadowed -> out.println((shadowed.differs() ? warning : "  ") + shadow(shadowed)));
    judgement.warnings().forEach(complaint -> out.println(warning + place(complaint)));
    out.flush();
  }

  private String refusal() {
    var kubelet = "kubelet " + judgement.version();
    if (!flags.isEmpty()) {
      return kubelet + " refuses its flags";
    }
    return switch (judgement.verdict()) {
      case DECODE -> kubelet + " cannot read it";
      case GATES -> kubelet + " refuses its feature gates";
      case INVALID -> kubelet + " refuses it";
      case VALID ->
          preconditions.stream().anyMatch(Precondition::exits)
              ? kubelet + " would not start with it"
              : "refused by Retune: a field that " + kubelet + " ignores";
    };
  }

  private static String shadow(Shadowed shadowed) {
    return shadowed.field()
        + (shadowed.differs() ? " has no effect: " : " has the same value elsewhere too: ")
        + shadowed.by();
  }

  /** The place of a complaint, the field and what is wrong. */
  static String place(Complaint complaint) {
    var place = complaint.line() > 0 ? complaint.line() + ":" + complaint.column() + ": " : "";
    return place
        + (complaint.field().isEmpty() ? "" : complaint.field() + ": ")
        + complaint.message();
  }

  Map<String, @Nullable Object> toTree() {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("source", source);
    tree.put("kubeletVersion", judgement.version().toString());
    tree.put("accepted", accepted());
    tree.put("verdict", word(judgement.verdict()));
    tree.put("errors", trees(judgement.errors()));
    tree.put("strict", trees(judgement.strict()));
    tree.put("flags", trees(flags));
    tree.put("preconditions", preconditions.stream().map(DocumentCheck::tree).toList());
    tree.put("shadowed", judgement.shadowed().stream().map(DocumentCheck::tree).toList());
    tree.put("warnings", trees(judgement.warnings()));
    return tree;
  }

  /** A verdict as programs read it. */
  static String word(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }

  private static List<Map<String, @Nullable Object>> trees(List<Complaint> complaints) {
    return complaints.stream().map(DocumentCheck::tree).toList();
  }

  private static Map<String, @Nullable Object> tree(Precondition precondition) {
    var tree = tree(precondition.complaint());
    tree.put("consequence", precondition.consequence() == Consequence.EXITS ? "exits" : "noEffect");
    return tree;
  }

  private static Map<String, @Nullable Object> tree(Shadowed shadowed) {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("field", shadowed.field());
    if (shadowed.by() instanceof Source.Flag(var given)) {
      tree.put("flag", "--" + given.flag().name());
      tree.put("value", given.value());
    }
    tree.put("source", shadowed.by().where());
    tree.put("differs", shadowed.differs());
    return tree;
  }

  static Map<String, @Nullable Object> tree(Complaint complaint) {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("field", complaint.field());
    tree.put("message", complaint.message());
    if (complaint.line() > 0) {
      tree.put("line", (long) complaint.line());
      tree.put("column", (long) complaint.column());
    }
    return tree;
  }
}
