package dev.retune.sandbox.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.authorization.Action;
import dev.retune.sandbox.authorization.Authorizer;
import dev.retune.sandbox.authorization.Escalation;
import dev.retune.sandbox.authorization.PolicyRule;
import dev.retune.sandbox.authorization.User;
import dev.retune.sandbox.registry.ApiFailure;
import dev.retune.sandbox.registry.Gate;
import dev.retune.sandbox.registry.Gate.Operation;
import dev.retune.sandbox.store.Key;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Prevents escalation: who writes a role needs what it grants, or the verb {@code escalate}; who
 * writes a binding needs what its role grants, or the verb {@code bind} on that role.
 */
final class RoleGuard {
  private static final String GROUP = "rbac.authorization.k8s.io";
  private static final PolicyRule EVERY_RESOURCE =
      new PolicyRule(List.of("*"), List.of("*"), List.of("*"), List.of(), List.of());
  private static final PolicyRule EVERY_PATH =
      new PolicyRule(List.of("*"), List.of(), List.of(), List.of(), List.of("*"));

  private final Authorizer authorizer;

  RoleGuard(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  void judge(User user, Gate.Write write) {
    if (!write.type().group().equals(GROUP)
        || write.operation() == Operation.DELETE
        || user.isMaster()) {
      return;
    }
    ObjectNode object = write.object().orElseThrow();
    switch (write.type().plural()) {
      case "roles", "clusterroles" -> role(user, write, object);
      case "rolebindings", "clusterrolebindings" -> binding(user, write, object);
      default -> {}
    }
  }

  private void role(User user, Gate.Write write, ObjectNode role) {
    if (may(user, "escalate", write.type().plural(), write.key())) {
      return;
    }
    boolean aggregates =
        role.has("aggregationRule")
            && !role.get("aggregationRule")
                .equals(write.old().map(old -> old.get("aggregationRule")).orElse(null));
    List<PolicyRule> everything = List.of(EVERY_RESOURCE, EVERY_PATH);
    if (aggregates && lacks(user, write.key(), everything).isPresent()) {
      throw write.forbidden("must have cluster-admin privileges to use the aggregationRule");
    }
    refuse(write, lacks(user, write.key(), PolicyRule.ofRole(role)));
  }

  private void binding(User user, Gate.Write write, ObjectNode binding) {
    JsonNode ref = binding.path("roleRef");
    boolean cluster = ref.path("kind").asText().equals("ClusterRole");
    String name = ref.path("name").asText();
    String plural = cluster ? "clusterroles" : "roles";
    if (may(user, "bind", plural, new Key(write.key().namespace(), name))) {
      return;
    }
    List<PolicyRule> rules =
        authorizer
            .rbac()
            .rulesOf(new Key(cluster ? "" : write.key().namespace(), name))
            .orElseThrow(() ->
                new ApiFailure(
                    404,
                    "NotFound",
                    "%s.%s \"%s\" not found"
                        .formatted(cluster ? "clusterrole" : "role", GROUP, name)));
    refuse(write, lacks(user, write.key(), rules));
  }

  private Optional<String> lacks(User user, Key key, List<PolicyRule> wanted) {
    return Escalation.refusal(user, authorizer.rbac().held(user, key.namespace()), wanted);
  }

  private boolean may(User user, String verb, String plural, Key key) {
    return authorizer
        .decide(
            user,
            new Action.OnResource(verb, GROUP, plural, "", key.namespace(), key.name(), Map.of()))
        .allowed();
  }

  private static void refuse(Gate.Write write, Optional<String> why) {
    why.ifPresent(text -> {
      throw write.forbidden(text);
    });
  }
}
