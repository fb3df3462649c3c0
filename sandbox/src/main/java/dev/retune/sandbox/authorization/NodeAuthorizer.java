package dev.retune.sandbox.authorization;

import dev.retune.sandbox.authorization.Action.OnResource;
import dev.retune.sandbox.store.Key;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a kubelet may do with its node's identity, as authorization mode {@code Node} of Kubernetes
 * 1.36 has it ({@code plugin/pkg/auth/authorizer/node}), for the kinds there are here. It has no
 * opinion on anything else: RBAC decides then. That a node writes its own Node only is checked at
 * admission, by NodeRestriction.
 */
final class NodeAuthorizer {
  private static final List<String> READ = List.of("get", "list", "watch");
  private static final Set<String> LEASE_VERBS =
      Set.of("get", "create", "update", "patch", "delete");
  private static final String LEASES = "kube-node-lease";

  /** What all nodes may do alike. */
  private static final List<PolicyRule> RULES =
      List.of(
          PolicyRule.onResources(List.of("create"), "authentication.k8s.io", "tokenreviews"),
          PolicyRule.onResources(
              List.of("create"),
              "authorization.k8s.io",
              "subjectaccessreviews",
              "localsubjectaccessreviews"),
          PolicyRule.onResources(READ, "", "services"),
          PolicyRule.onResources(List.of("create", "update", "patch"), "", "events"),
          PolicyRule.onResources(
              List.of("create", "get", "list", "watch"),
              "certificates.k8s.io",
              "certificatesigningrequests"),
          PolicyRule.onResources(READ, "storage.k8s.io", "csidrivers"),
          PolicyRule.onResources(READ, "node.k8s.io", "runtimeclasses"));

  private final NodeGraph graph;

  NodeAuthorizer(NodeGraph graph) {
    this.graph = graph;
  }

  /** Empty for users that are no nodes. */
  Optional<Decision> decide(User user, Action action) {
    return user.node()
        .map(node -> {
          if (node.isEmpty()) {
            return Decision.refused("unknown node for user \"%s\"".formatted(user.name()));
          }
          return action instanceof OnResource on ? decide(node, on) : Decision.REFUSED;
        });
  }

  private Decision decide(String node, OnResource on) {
    String resource = on.group().isEmpty() ? on.resource() : on.resource() + "." + on.group();
    return switch (resource) {
      case "secrets", "configmaps" -> dependency(node, on);
      case "nodes" -> node(node, on);
      case "pods" -> pod(node, on);
      case "serviceaccounts" -> token(node, on);
      case "leases.coordination.k8s.io" -> lease(node, on);
      default ->
          RULES.stream().anyMatch(rule -> rule.allows(on)) ? Decision.ALLOWED : Decision.REFUSED;
    };
  }

  private Decision dependency(String node, OnResource on) {
    if (!READ.contains(on.verb())) {
      return Decision.refused("can only read resources of this type");
    }
    if (!on.subresource().isEmpty()) {
      return Decision.refused("cannot read subresource");
    }
    if (on.namespace().isEmpty()) {
      return Decision.refused("can only read namespaced object of this type");
    }
    return related(node, on);
  }

  private Decision related(String node, OnResource on) {
    if (on.name().isEmpty()) {
      return Decision.refused("No Object name found");
    }
    return graph.needs(node, on.resource(), new Key(on.namespace(), on.name()))
        ? Decision.ALLOWED
        : Decision.refused(
            "no relationship found between node '%s' and this object".formatted(node));
  }

  private static Decision node(String node, OnResource on) {
    return switch (on.subresource()) {
      case "" ->
          switch (on.verb()) {
            case "create", "update", "patch" -> Decision.ALLOWED;
            case "get", "list", "watch" -> {
              if (on.name().equals(node)) {
                yield Decision.ALLOWED;
              }
              yield Decision.refused(
                  on.name().isEmpty()
                      ? "node '%s' cannot read all nodes, only its own Node object".formatted(node)
                      : "node '%s' cannot read '%s', only its own Node object"
                          .formatted(node, on.name()));
            }
            default -> Decision.REFUSED;
          };
      case "status" ->
          switch (on.verb()) {
            case "update", "patch" -> Decision.ALLOWED;
            default -> Decision.REFUSED;
          };
      default -> Decision.REFUSED;
    };
  }

  private Decision pod(String node, OnResource on) {
    return switch (on.subresource()) {
      case "" ->
          switch (on.verb()) {
            case "get" -> related(node, on);
            case "list", "watch" -> {
              if (node.equals(on.fields().get("spec.nodeName"))) {
                yield Decision.ALLOWED;
              }
              yield on.name().isEmpty()
                  ? Decision.refused("can only list/watch pods with spec.nodeName field selector")
                  : related(node, on);
            }
            case "create", "delete" -> Decision.ALLOWED;
            default -> Decision.REFUSED;
          };
      case "status" ->
          on.verb().equals("update") || on.verb().equals("patch")
              ? Decision.ALLOWED
              : Decision.REFUSED;
      case "eviction" -> on.verb().equals("create") ? Decision.ALLOWED : Decision.REFUSED;
      default -> Decision.REFUSED;
    };
  }

  private Decision token(String node, OnResource on) {
    if (!on.verb().equals("create") || on.name().isEmpty()) {
      return Decision.refused("can only create tokens for individual service accounts");
    }
    if (!on.subresource().equals("token")) {
      return Decision.refused("can only create token subresource of serviceaccount");
    }
    return related(node, on);
  }

  private static Decision lease(String node, OnResource on) {
    if (!LEASE_VERBS.contains(on.verb())) {
      return Decision.refused("can only get, create, update, patch, or delete a node lease");
    }
    if (!on.namespace().equals(LEASES)) {
      return Decision.refused(
          "can only access leases in the \"%s\" system namespace".formatted(LEASES));
    }
    if (!on.verb().equals("create") && !on.name().equals(node)) {
      return Decision.refused(
          "can only access node lease with the same name as the requesting node");
    }
    return Decision.ALLOWED;
  }
}
