package dev.retune.agent.node;

import dev.retune.agent.core.Document;
import dev.retune.agent.core.Ruling;
import dev.retune.agent.core.Ruling.Accepted;
import dev.retune.agent.core.Ruling.Refused;
import dev.retune.agent.core.Ruling.Stage;
import dev.retune.kubelet.Complaint;
import dev.retune.kubelet.Judgement;
import dev.retune.kubelet.KubeletConfig;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.Precondition;
import dev.retune.kubelet.Shadowed;
import dev.retune.kubelet.Target;
import dev.retune.kubelet.Verdict;
import dev.retune.kubelet.flags.Argument;
import dev.retune.kubelet.flags.CommandLine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges a document before the node is touched (AGENT-6), in this order: the kubelet's own rules as
 * Retune knows them for this version, strictly; what this node lacks for it; and last the node's
 * own kubelet binary. The first that refuses speaks.
 */
public final class DocumentJudge {
  /** Reason of a refusal that this node is to blame for: it may lack nothing some time later. */
  public static final String NODE_PRECONDITION = "NodePrecondition";

  private final NodeProbe probe;
  private final BinaryJudge binary;
  private final NodePreconditions preconditions;

  public DocumentJudge(NodeProbe probe, BinaryJudge binary, NodePreconditions preconditions) {
    this.probe = probe;
    this.binary = binary;
    this.preconditions = preconditions;
  }

  /**
   * Judges a document as it will run.
   *
   * @param surroundings what the kubelet will be started with besides
   */
  public Ruling judge(Document document, Surroundings surroundings) throws InterruptedException {
    var warnings = new ArrayList<String>();
    var judgement = judgement(document, surroundings, version(warnings));
    judgement.warnings().forEach(warning -> warnings.add(text(warning)));
    judgement.shadowed().stream()
        .filter(Shadowed::differs)
        .forEach(shadowed ->
            warnings.add(shadowed.field() + ": has no effect, set by " + shadowed.by()));
    if (document.mergedFrom().isPresent()) {
      // They are the local config's: the kubelet has gone on without them all along.
      judgement.strict().forEach(unknown -> warnings.add(text(unknown)));
    }
    Optional<Refused> refused =
        undecodable(judgement)
            .or(() -> document.mergedFrom().isEmpty() ? misspelt(judgement) : Optional.empty())
            .or(() -> invalid(judgement))
            .or(() -> unmet(judgement, warnings));
    return refused.isPresent() ? refused.get() : askBinary(document, surroundings, warnings);
  }

  /** What is wrong with the words of a document that is no whole config yet, if anything is. */
  public static Optional<Refused> slipIn(Document document, KubeletVersion version) {
    var judgement = KubeletConfig.judge(document.bytes(), Target.of(version));
    return undecodable(judgement).or(() -> misspelt(judgement));
  }

  /** What the kubelet would make of a document, by the rules alone. */
  public Judgement judgement(Document document, Surroundings surroundings)
      throws InterruptedException {
    return judgement(document, surroundings, version(new ArrayList<>()));
  }

  private Judgement judgement(
      Document document, Surroundings surroundings, KubeletVersion version) {
    return KubeletConfig.judge(document.bytes(), target(surroundings, version));
  }

  /** The kubelet of this node as it will be started. */
  public Target target(Surroundings surroundings, KubeletVersion version) {
    return new Target(
        version,
        CommandLine.parse(surroundings.arguments(), version),
        preconditions.cgroupVersion(),
        surroundings.dropIns());
  }

  private KubeletVersion version(List<String> warnings) throws InterruptedException {
    try {
      return KubeletVersion.parse(probe.kubeletVersion());
    } catch (IOException | IllegalArgumentException unknown) {
      warnings.add(
          "the kubelet's version is not known ("
              + unknown.getMessage()
              + "); judged as "
              + KubeletVersion.newest());
      return KubeletVersion.newest();
    }
  }

  private static Optional<Refused> undecodable(Judgement judgement) {
    return judgement.verdict() == Verdict.DECODE
        ? Optional.of(
            new Refused(Stage.LOAD, "CannotBeDecoded", texts(judgement.errors(), judgement)))
        : Optional.empty();
  }

  private static Optional<Refused> misspelt(Judgement judgement) {
    return judgement.strict().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Refused(
                Stage.LOAD, "UnknownOrDuplicateField", texts(judgement.strict(), judgement)));
  }

  private static Optional<Refused> invalid(Judgement judgement) {
    return switch (judgement.verdict()) {
      case GATES ->
          Optional.of(
              new Refused(Stage.VALIDATE, "FeatureGate", texts(judgement.errors(), judgement)));
      case INVALID ->
          Optional.of(
              new Refused(Stage.VALIDATE, "InvalidValue", texts(judgement.errors(), judgement)));
      case DECODE, VALID -> Optional.empty();
    };
  }

  private Optional<Refused> unmet(Judgement judgement, List<String> warnings) {
    var complaints = new ArrayList<Complaint>();
    for (Precondition precondition :
        KubeletConfig.preconditions(
            judgement.effective(), judgement.version(), preconditions.facts())) {
      if (precondition.exits()) {
        complaints.add(precondition.complaint());
      } else {
        warnings.add(text(precondition.complaint()));
      }
    }
    complaints.addAll(preconditions.unmet(judgement.effective()));
    return complaints.isEmpty()
        ? Optional.empty()
        : Optional.of(new Refused(Stage.VALIDATE, NODE_PRECONDITION, texts(complaints, judgement)));
  }

  private Ruling askBinary(Document document, Surroundings surroundings, List<String> warnings)
      throws InterruptedException {
    return switch (binary.judge(
        document, surroundings.arguments().stream().map(Argument::text).toList())) {
      case BinaryJudge.Answer.Pass _ -> new Accepted(warnings);
      case BinaryJudge.Answer.CannotLoad(String words) ->
          new Refused(Stage.LOAD, "KubeletCannotLoad", words);
      case BinaryJudge.Answer.CannotValidate(String words) ->
          new Refused(Stage.VALIDATE, "KubeletCannotValidate", words);
      case BinaryJudge.Answer.None(String why) -> {
        warnings.add("the kubelet binary gave no answer: " + why);
        yield new Accepted(warnings);
      }
    };
  }

  private static String texts(List<Complaint> complaints, Judgement judgement) {
    var lines = complaints.stream().map(DocumentJudge::text).toList();
    return String.join("\n", lines) + " (kubelet " + judgement.version() + ")";
  }

  private static String text(Complaint complaint) {
    String where = complaint.line() > 0 ? " (line " + complaint.line() + ")" : "";
    return complaint.field().isEmpty() || complaint.message().startsWith(complaint.field())
        ? complaint.message() + where
        : complaint.field() + ": " + complaint.message() + where;
  }
}
