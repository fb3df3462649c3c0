package dev.retune.cli;

import dev.retune.cli.text.Style;
import dev.retune.kubelet.Complaint;
import dev.retune.kubelet.Judgement;
import dev.retune.kubelet.KubeletConfig;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.NodeFacts;
import dev.retune.kubelet.Precondition;
import dev.retune.kubelet.Verdict;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a kubelet, and Retune before it, would say to one document.
 *
 * @param source the file it came from
 * @param judgement what the kubelet's decoding and validation say
 * @param atStart what that kubelet would die of when it starts, as far as the document tells
 */
record DocumentCheck(String source, Judgement judgement, List<Complaint> atStart) {

  static DocumentCheck of(String source, byte[] document, KubeletVersion version) {
    var judgement = KubeletConfig.judge(document, version);
    var atStart =
        judgement.verdict() == Verdict.VALID
            ? KubeletConfig.preconditions(
                    judgement.effective(), judgement.version(), NodeFacts.UNKNOWN)
                .stream()
                .map(Precondition::complaint)
                .toList()
            : List.<Complaint>of();
    return new DocumentCheck(source, judgement, atStart);
  }

  /** Whether the agent would take it; an unknown field is ignored by kubelets, not by Retune. */
  boolean accepted() {
    return judgement.clean() && atStart.isEmpty();
  }

  void print(PrintWriter out, boolean colors) {
    var headline =
        accepted()
            ? Style.GOOD.paint("valid", colors) + " for kubelet " + judgement.version()
            : Style.BAD.paint(refusal(), colors);
    out.println(source + ": " + headline);
    judgement.errors().forEach(complaint -> out.println("  " + place(complaint)));
    judgement
        .strict()
        .forEach(complaint ->
            out.println("  " + place(complaint) + " (the kubelet would go on without it)"));
    atStart.forEach(complaint -> out.println("  " + place(complaint)));
    judgement
        .warnings()
        .forEach(complaint ->
            out.println("  " + Style.BUSY.paint("warning: ", colors) + place(complaint)));
  }

  private String refusal() {
    var kubelet = "kubelet " + judgement.version();
    return switch (judgement.verdict()) {
      case DECODE -> kubelet + " cannot read it";
      case GATES -> kubelet + " refuses its feature gates";
      case INVALID -> kubelet + " refuses it";
      case VALID ->
          atStart.isEmpty()
              ? "refused by Retune: a field that kubelet " + judgement.version() + " ignores"
              : kubelet + " would not start with it";
    };
  }

  private static String place(Complaint complaint) {
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
    tree.put("verdict", judgement.verdict().name().toLowerCase(java.util.Locale.ROOT));
    tree.put("errors", trees(judgement.errors()));
    tree.put("strict", trees(judgement.strict()));
    tree.put("atStart", trees(atStart));
    tree.put("warnings", trees(judgement.warnings()));
    return tree;
  }

  private static List<Map<String, @Nullable Object>> trees(List<Complaint> complaints) {
    return complaints.stream().map(DocumentCheck::tree).toList();
  }

  private static Map<String, @Nullable Object> tree(Complaint complaint) {
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
