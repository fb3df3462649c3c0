package dev.retune.kubelet.diff;

import dev.retune.kubelet.Complaint;
import dev.retune.kubelet.Defaults;
import dev.retune.kubelet.Judgement;
import dev.retune.kubelet.KubeletConfig;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.NodeFacts;
import dev.retune.kubelet.Precondition;
import dev.retune.kubelet.Target;
import dev.retune.kubelet.Verdict;
import dev.retune.kubelet.document.JsonWriter;
import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.facts.Facts;
import dev.retune.kubelet.facts.FieldGates;
import dev.retune.kubelet.facts.Gate;
import dev.retune.kubelet.flags.Argument;
import dev.retune.kubelet.flags.CommandLine;
import dev.retune.kubelet.value.GoDuration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What another version of the kubelet makes of the same document and the same flags.
 *
 * @param from what the old kubelet makes of it
 * @param to what the new one makes of it
 * @param findings what is new with the new one, the worst first
 */
public record Upgrade(Judgement from, Judgement to, List<Finding> findings) {

  /** What a finding means for the node, from the worst to the least. */
  public enum Effect {
    /** The new kubelet does not start. */
    BREAKS,
    /** The new kubelet passes over a field that the old one followed. */
    IGNORES,
    /** A value moves although nobody changed the document. */
    CHANGES,
    /** Nothing moves now; the document can or should be tidied. */
    TIDY
  }

  /**
   * One thing to know.
   *
   * @param field path of the field, or the flag with its dashes
   */
  public record Finding(Effect effect, String field, String message) {}

  /** Whether the new kubelet would not start. */
  public boolean breaks() {
    return findings.stream().anyMatch(finding -> finding.effect() == Effect.BREAKS);
  }

  /**
   * Looks at an upgrade, or a downgrade.
   *
   * @param arguments the kubelet's flags, the same before and after
   */
  public static Upgrade check(
      byte[] document, List<Argument> arguments, KubeletVersion from, KubeletVersion to) {
    CommandLine before = CommandLine.parse(arguments, from);
    CommandLine after = CommandLine.parse(arguments, to);
    Judgement old = KubeletConfig.judge(document, Target.of(from).with(before));
    Judgement now = KubeletConfig.judge(document, Target.of(to).with(after));
    List<Finding> findings = new ArrayList<>();
    added(Effect.BREAKS, before.problems(), after.problems(), findings);
    added(Effect.BREAKS, old.errors(), now.errors(), findings);
    if (now.verdict() == Verdict.VALID) {
      added(Effect.BREAKS, exits(old), exits(now), findings);
    }
    added(Effect.IGNORES, old.strict(), now.strict(), findings);
    if (old.verdict() != Verdict.DECODE && now.verdict() != Verdict.DECODE) {
      moved(old, now, findings);
      gates(old, now, findings);
    }
    findings.sort((a, b) -> a.effect().compareTo(b.effect()));
    return new Upgrade(old, now, List.copyOf(findings));
  }

  private static List<Complaint> exits(Judgement judgement) {
    return judgement.verdict() == Verdict.VALID
        ? KubeletConfig.preconditions(judgement.effective(), judgement.version(), NodeFacts.UNKNOWN)
            .stream()
            .filter(Precondition::exits)
            .map(Precondition::complaint)
            .toList()
        : List.of();
  }

  /** Complaints about fields that the old kubelet has none about. */
  private static void added(
      Effect effect, List<Complaint> before, List<Complaint> after, List<Finding> findings) {
    Set<String> known = new HashSet<>();
    before.forEach(complaint -> known.add(complaint.field()));
    for (Complaint complaint : after) {
      if (!known.contains(complaint.field())) {
        findings.add(new Finding(effect, complaint.field(), complaint.message()));
      }
    }
  }

  private static void moved(Judgement old, Judgement now, List<Finding> findings) {
    for (Change change : ConfigDiff.between(old.effective(), now.effective()).changes()) {
      String field = change.topLevelField();
      // A field that is gone is told as one that is ignored, if the document has it.
      boolean gone = Facts.of(now.version()).root().field(field) == null;
      if (!gone && !isSameTime(change)) {
        boolean ignored = old.strict().stream().anyMatch(c -> c.topLevelField().equals(field));
        findings.add(new Finding(Effect.CHANGES, change.field(), message(change, now, ignored)));
      }
    }
  }

  private static String message(Change change, Judgement now, boolean ignored) {
    if (ignored) {
      return "takes effect with " + now.version() + ": " + shown(change.after());
    }
    return switch (change.kind()) {
      case ADDED -> "new with " + now.version() + ", which sets it to " + shown(change.after());
      case REMOVED ->
          "was " + shown(change.before()) + "; kubelet " + now.version() + " has no default";
      case CHANGED ->
          "the default moves from "
              + shown(change.before())
              + " to "
              + shown(change.after())
              + "; write the old value down to keep it";
    };
  }

  /** Up to 1.27 one duration is a number of nanoseconds; its spelling is no change. */
  private static boolean isSameTime(Change change) {
    return nanos(change.before()).isPresent()
        && nanos(change.before()).equals(nanos(change.after()));
  }

  private static OptionalLong nanos(@Nullable Object value) {
    return switch (value) {
      case String text -> GoDuration.parse(text);
      case Long number -> OptionalLong.of(number);
      case null, default -> OptionalLong.empty();
    };
  }

  private static String shown(@Nullable Object value) {
    return JsonWriter.compact(Node.ofTree(value));
  }

  /** What becomes of the gates that are set, and of those that the fields in use need. */
  private static void gates(Judgement old, Judgement now, List<Finding> findings) {
    Facts before = Facts.of(old.version());
    Facts after = Facts.of(now.version());
    Map<?, ?> set = old.effective().get("featureGates") instanceof Map<?, ?> m ? m : Map.of();
    for (Object name : set.keySet()) {
      Gate gate = after.gates().get(String.valueOf(name));
      Object on = Objects.requireNonNull(set.get(name));
      if (gate != null && on.equals(gate.on())) {
        String why = gate.locked() ? "has it locked to that value" : "has that value by default";
        findings.add(
            new Finding(
                Effect.TIDY,
                "featureGates[" + name + "]",
                "kubelet " + now.version() + " " + why + "; take it out before the gate goes"));
      }
    }
    Map<String, @Nullable Object> defaults = Defaults.of(old.version());
    for (String field : old.effective().keySet()) {
      if (Objects.equals(old.effective().get(field), defaults.get(field))) {
        continue;
      }
      for (String name : FieldGates.within(field, after)) {
        Gate was = before.gates().get(name);
        Gate is = Objects.requireNonNull(after.gates().get(name));
        if (was != null && was.on() != is.on() && !set.containsKey(name)) {
          findings.add(
              new Finding(
                  Effect.CHANGES,
                  field,
                  "its feature gate "
                      + name
                      + (is.on() ? " is on" : " is off")
                      + " by default in "
                      + now.version()));
        }
      }
    }
  }
}
