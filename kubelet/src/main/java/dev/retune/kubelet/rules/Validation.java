package dev.retune.kubelet.rules;

import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.value.Problems;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

/** Applies all rules of a version. */
public final class Validation {

  private static final ConcurrentMap<KubeletVersion, List<Rule>> RULES = new ConcurrentHashMap<>();

  private Validation() {}

  /** Adds a complaint for everything the kubelet's own validation refuses. */
  public static void validate(Candidate candidate, Problems out) {
    for (Rule rule : RULES.computeIfAbsent(candidate.version(), Validation::rules)) {
      rule.check().check(candidate, rule.field(), out);
    }
  }

  private static List<Rule> rules(KubeletVersion version) {
    return Stream.of(LimitRules.RULES, ResourceRules.RULES, ServiceRules.RULES)
        .flatMap(List::stream)
        .filter(rule -> rule.versions().include(version))
        .toList();
  }
}
