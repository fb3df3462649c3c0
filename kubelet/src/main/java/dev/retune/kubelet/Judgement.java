package dev.retune.kubelet;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a kubelet of one version would say to a document.
 *
 * @param version the version whose facts were used
 * @param verdict the outcome
 * @param errors why the verdict is not {@link Verdict#VALID}; empty when it is
 * @param strict unknown and duplicated fields: the kubelet only logs a warning and goes on without
 *     them, so they do not change the verdict
 * @param warnings what a person should know although nothing is refused, for example that the
 *     kubelet is newer than the facts on board
 * @param shadowed fields of the document without effect, because a drop-in or a flag sets them
 * @param defaulted the document after defaulting, before anything else is added, as a plain JSON
 *     tree in the kubelet's own field order; empty when the verdict is {@link Verdict#DECODE}
 * @param effective what the kubelet runs: with the default eviction thresholds where it names none,
 *     and with drop-ins and flags on top; a tree like the one before
 */
public record Judgement(
    KubeletVersion version,
    Verdict verdict,
    List<Complaint> errors,
    List<Complaint> strict,
    List<Complaint> warnings,
    List<Shadowed> shadowed,
    Map<String, @Nullable Object> defaulted,
    Map<String, @Nullable Object> effective) {

  /** Whether the kubelet takes the document and nothing in it is misspelt or given twice. */
  public boolean clean() {
    return verdict == Verdict.VALID && strict.isEmpty();
  }
}
