package dev.retune.sandbox.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.registry.Gate;
import dev.retune.sandbox.store.LabelSelector;
import java.util.Optional;

/**
 * Whether a {@code MatchResources} is about a write: of a policy, or of a binding that narrows it.
 *
 * @param equivalent versions of the same kind count as one, which is the default
 */
record Matching(JsonNode spec, boolean equivalent) {
  static Matching of(JsonNode spec) {
    return new Matching(spec, !spec.path("matchPolicy").asText("").equals("Exact"));
  }

  /**
   * @param namespace the object's Namespace; empty for a cluster-scoped object
   */
  boolean covers(Gate.Write write, Optional<ObjectNode> namespace) {
    return selectsNamespace(write, namespace)
        && selectsObject(write)
        && !anyRule(spec.path("excludeResourceRules"), write)
        && (spec.path("resourceRules").isEmpty() || anyRule(spec.path("resourceRules"), write));
  }

  private boolean selectsNamespace(Gate.Write write, Optional<ObjectNode> namespace) {
    JsonNode selector = spec.path("namespaceSelector");
    if (selector.isEmpty()) {
      return true;
    }
    if (write.type().groupResource().equals("namespaces")) {
      return write
          .object()
          .or(write::old)
          .map(o -> LabelSelector.selects(selector, o))
          .orElse(true);
    }
    return namespace.map(object -> LabelSelector.selects(selector, object)).orElse(true);
  }

  private boolean selectsObject(Gate.Write write) {
    JsonNode selector = spec.path("objectSelector");
    return selector.isEmpty()
        || write.object().map(o -> LabelSelector.selects(selector, o)).orElse(false)
        || write.old().map(o -> LabelSelector.selects(selector, o)).orElse(false);
  }

  private boolean anyRule(JsonNode rules, Gate.Write write) {
    for (JsonNode rule : rules) {
      if (has(rule.path("operations"), write.operation().name())
          && has(rule.path("apiGroups"), write.type().group())
          && (equivalent || has(rule.path("apiVersions"), write.type().version()))
          && resource(rule.path("resources"), write.type().plural(), write.subresource())
          && scope(rule.path("scope").asText("*"), write)
          && (rule.path("resourceNames").isEmpty()
              || has(rule.path("resourceNames"), write.key().name()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean resource(JsonNode patterns, String resource, String subresource) {
    for (JsonNode pattern : patterns) {
      String text = pattern.asText();
      int slash = text.indexOf('/');
      String wanted = slash < 0 ? text : text.substring(0, slash);
      String below = slash < 0 ? "" : text.substring(slash + 1);
      if ((wanted.equals("*") || wanted.equals(resource))
          && (below.equals("*") || below.equals(subresource))) {
        return true;
      }
    }
    return false;
  }

  private static boolean scope(String scope, Gate.Write write) {
    return switch (scope) {
      case "Namespaced" -> write.type().namespaced();
      case "Cluster" -> !write.type().namespaced();
      default -> true;
    };
  }

  private static boolean has(JsonNode values, String wanted) {
    for (JsonNode value : values) {
      if (value.asText().equals("*") || value.asText().equals(wanted)) {
        return true;
      }
    }
    return false;
  }
}
