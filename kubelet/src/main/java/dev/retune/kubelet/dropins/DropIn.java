package dev.retune.kubelet.dropins;

import dev.retune.kubelet.Complaint;
import dev.retune.kubelet.Header;
import dev.retune.kubelet.document.Document;
import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.document.UnreadableException;
import dev.retune.kubelet.facts.Facts;
import dev.retune.kubelet.flags.TextFile;
import dev.retune.kubelet.value.Decoder;
import dev.retune.kubelet.value.FieldNames;
import dev.retune.kubelet.value.Problems;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One drop-in as kubelets since 1.29 read it.
 *
 * @param file its name
 * @param given the document as it is
 * @param named the same with the names of the fields it is about
 */
record DropIn(String file, Node.Mapping given, Node.Mapping named) {

  /** The first minor that looks at a drop-in's kind and version. */
  private static final int CHECKED_KIND = 32;

  /**
   * Reads a drop-in.
   *
   * @param errors receives what stops the kubelet; nothing comes back then
   * @param warnings receives what the kubelet passes over without a word
   */
  static Optional<DropIn> read(TextFile file, Facts facts, Problems errors, Problems warnings) {
    Problems wrong = new Problems();
    Problems ignored = new Problems();
    try {
      Document document = Document.read(file.text().getBytes(StandardCharsets.UTF_8));
      Node.Mapping root =
          facts.version().minor() < CHECKED_KIND
              ? Header.checkAnyKind(document.root())
              : Header.check(document.root());
      for (Node.Entry repeated : document.repeatedKeys()) {
        wrong.add(repeated.key(), "is given twice", repeated.line(), repeated.column());
      }
      Node.Mapping named = FieldNames.ignoringCase(root, facts.root());
      new Decoder(wrong, new Problems(), ignored, facts.version().toString(), name -> "")
          .root(named, facts.root());
      if (wrong.isEmpty()) {
        ignored.toList().forEach(complaint -> warnings.add("", said(file, complaint)));
        return Optional.of(new DropIn(file.name(), root, named));
      }
    } catch (UnreadableException e) {
      wrong.add("", e.reason(), e.line(), e.column());
    }
    wrong.toList().forEach(complaint -> errors.add("", refused(file, complaint)));
    return Optional.empty();
  }

  /** What stops the kubelet. */
  static String refused(TextFile file, Complaint complaint) {
    return said(file, complaint) + "; the kubelet does not start with it";
  }

  /** Lines are the drop-in's, not those of the document that is judged: they stand in the text. */
  static String said(TextFile file, Complaint complaint) {
    return "drop-in "
        + file.name()
        + (complaint.line() > 0 ? ":" + complaint.line() : "")
        + ": "
        + (complaint.field().isEmpty() ? "" : complaint.field() + ": ")
        + complaint.message();
  }
}
