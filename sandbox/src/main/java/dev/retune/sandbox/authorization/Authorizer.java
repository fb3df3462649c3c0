package dev.retune.sandbox.authorization;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides as a kube-apiserver with {@code --authorization-mode=Node,RBAC}: members of
 * system:masters may do all, then nodes what nodes may, then everybody what roles give them.
 */
public final class Authorizer {
  private final Rbac rbac = new Rbac();
  private final NodeGraph nodes = new NodeGraph();
  private final NodeAuthorizer node = new NodeAuthorizer(nodes);

  public Rbac rbac() {
    return rbac;
  }

  public NodeGraph nodes() {
    return nodes;
  }

  public Decision decide(User user, Action action) {
    if (user.isMaster()) {
      return Decision.ALLOWED;
    }
    List<String> reasons = new ArrayList<>();
    Optional<Decision> asNode = node.decide(user, action);
    if (asNode.isPresent()) {
      if (asNode.get().allowed()) {
        return asNode.get();
      }
      reasons.add(asNode.get().reason());
    }
    Decision byRole = rbac.decide(user, action);
    if (byRole.allowed()) {
      return byRole;
    }
    reasons.add(byRole.reason());
    reasons.removeIf(String::isEmpty);
    return Decision.refused(String.join("\n", reasons));
  }
}
