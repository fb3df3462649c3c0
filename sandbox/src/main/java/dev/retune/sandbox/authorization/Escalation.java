package dev.retune.sandbox.authorization;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Nobody gives away what they do not have ({@code pkg/registry/rbac/validation}). */
public final class Escalation {
  private Escalation() {}

  /** What to tell somebody who wants to grant these rules and lacks some of them; else empty. */
  public static Optional<String> refusal(User user, Rbac.Held held, List<PolicyRule> wanted) {
    List<PolicyRule> missing = new ArrayList<>();
    for (PolicyRule rule : wanted) {
      for (PolicyRule part : rule.parts()) {
        if (held.rules().stream().noneMatch(own -> own.covers(part))) {
          missing.add(part);
        }
      }
    }
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    String text =
        "user \"%s\" (groups=[\"%s\"]) is attempting to grant RBAC permissions not currently held:\n%s"
            .formatted(
                user.name(),
                String.join("\" \"", user.groups()),
                String.join("\n", compacted(missing)));
    return Optional.of(
        held.errors().isEmpty() ? text : text + "; resolution errors: " + held.errors());
  }

  /** Rules that differ in their verb only are one, and all are in the order of their texts. */
  private static Set<String> compacted(List<PolicyRule> missing) {
    Map<PolicyRule, List<String>> verbs = new LinkedHashMap<>();
    for (PolicyRule part : missing) {
      List<String> together =
          verbs.computeIfAbsent(part.withVerbs(List.of()), _ -> new ArrayList<>());
      part.verbs().stream().filter(verb -> !together.contains(verb)).forEach(together::add);
    }
    TreeSet<String> texts = new TreeSet<>();
    verbs.forEach((rule, all) -> texts.add(rule.withVerbs(all).text()));
    return texts;
  }
}
