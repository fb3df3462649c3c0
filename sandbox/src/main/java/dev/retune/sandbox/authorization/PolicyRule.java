package dev.retune.sandbox.authorization;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** One rule of a role: what it allows, all of its lists together. */
public record PolicyRule(
    List<String> verbs,
    List<String> apiGroups,
    List<String> resources,
    List<String> resourceNames,
    List<String> nonResourceUrls) {
  private static final String ALL = "*";

  /** The rules of a role. */
  public static List<PolicyRule> ofRole(JsonNode role) {
    List<PolicyRule> rules = new ArrayList<>();
    for (JsonNode rule : role.path("rules")) {
      rules.add(
          new PolicyRule(
              texts(rule.path("verbs")),
              texts(rule.path("apiGroups")),
              texts(rule.path("resources")),
              texts(rule.path("resourceNames")),
              texts(rule.path("nonResourceURLs"))));
    }
    return List.copyOf(rules);
  }

  static PolicyRule onResources(List<String> verbs, String group, String... resources) {
    return new PolicyRule(verbs, List.of(group), List.of(resources), List.of(), List.of());
  }

  boolean allows(Action action) {
    return switch (action) {
      case Action.OnResource on ->
          has(verbs, on.verb())
              && has(apiGroups, on.group())
              && names(on.combined(), on.subresource())
              && (resourceNames.isEmpty() || resourceNames.contains(on.name()));
      case Action.OnPath on -> has(verbs, on.verb()) && leadsTo(on.path());
    };
  }

  /** Whether this rule allows all that the other one does. */
  boolean covers(PolicyRule other) {
    return hasAll(verbs, other.verbs)
        && hasAll(apiGroups, other.apiGroups)
        && other.resources.stream().allMatch(this::coversResource)
        && (resourceNames.isEmpty()
            || (!other.resourceNames.isEmpty() && resourceNames.containsAll(other.resourceNames)))
        && other.nonResourceUrls.stream().allMatch(this::leadsTo);
  }

  /** The smallest rules that together allow the same. */
  List<PolicyRule> parts() {
    List<PolicyRule> parts = new ArrayList<>();
    for (String verb : verbs) {
      for (String url : nonResourceUrls) {
        parts.add(new PolicyRule(List.of(verb), List.of(), List.of(), List.of(), List.of(url)));
      }
      for (String group : apiGroups) {
        for (String resource : resources) {
          List<List<String>> names =
              resourceNames.isEmpty()
                  ? List.of(List.of())
                  : resourceNames.stream().map(List::of).toList();
          for (List<String> name : names) {
            parts.add(
                new PolicyRule(List.of(verb), List.of(group), List.of(resource), name, List.of()));
          }
        }
      }
    }
    return parts;
  }

  PolicyRule withVerbs(List<String> others) {
    return new PolicyRule(others, apiGroups, resources, resourceNames, nonResourceUrls);
  }

  /** As Kubernetes prints it in refusals: {@code {APIGroups:[""], Resources:["pods"], …}}. */
  String text() {
    List<String> parts = new ArrayList<>();
    part(parts, "APIGroups", apiGroups);
    part(parts, "Resources", resources);
    part(parts, "NonResourceURLs", nonResourceUrls);
    part(parts, "ResourceNames", resourceNames);
    part(parts, "Verbs", verbs);
    return "{" + String.join(", ", parts) + "}";
  }

  private static void part(List<String> parts, String name, List<String> values) {
    if (!values.isEmpty()) {
      parts.add(name + ":[\"" + String.join("\" \"", values) + "\"]");
    }
  }

  private boolean names(String combined, String subresource) {
    for (String resource : resources) {
      if (resource.equals(ALL)
          || resource.equals(combined)
          || (!subresource.isEmpty() && resource.equals(ALL + "/" + subresource))) {
        return true;
      }
    }
    return false;
  }

  private boolean coversResource(String combined) {
    int slash = combined.indexOf('/');
    return names(combined, slash < 0 ? "" : combined.substring(slash + 1));
  }

  private boolean leadsTo(String path) {
    for (String url : nonResourceUrls) {
      if (url.equals(ALL)
          || url.equals(path)
          || (url.endsWith(ALL) && path.startsWith(url.substring(0, url.length() - 1)))) {
        return true;
      }
    }
    return false;
  }

  private static boolean has(List<String> values, String wanted) {
    return values.contains(ALL) || values.contains(wanted);
  }

  private static boolean hasAll(List<String> values, List<String> wanted) {
    return values.contains(ALL) || values.containsAll(wanted);
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return List.copyOf(texts);
  }
}
