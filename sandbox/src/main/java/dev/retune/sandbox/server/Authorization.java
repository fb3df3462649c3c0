package dev.retune.sandbox.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.authorization.Action;
import dev.retune.sandbox.authorization.Authorizer;
import dev.retune.sandbox.authorization.Decision;
import dev.retune.sandbox.authorization.User;
import dev.retune.sandbox.registry.ApiFailure;
import dev.retune.sandbox.registry.Metadata;
import dev.retune.sandbox.registry.Registry;
import dev.retune.sandbox.registry.ResourceType;
import dev.retune.sandbox.store.Key;
import dev.retune.sandbox.store.Stored;
import java.util.Optional;

/**
 * Keeps what the authorizer knows in step with the store, and asks it. The writer of a role has the
 * answer only after everybody else is judged by the role.
 */
final class Authorization implements Registry.CommitListener {
  private final Registry registry;
  private final Authorizer authorizer = new Authorizer();

  Authorization(Registry registry) {
    this.registry = registry;
  }

  Authorizer authorizer() {
    return authorizer;
  }

  /**
   * Lets the action pass.
   *
   * @throws ApiFailure 403 when the user may not
   */
  void require(User user, Action action) {
    Decision decision = authorizer.decide(user, action);
    if (!decision.allowed()) {
      String why = action.refusal(user);
      String full = decision.reason().isEmpty() ? why : why + ": " + decision.reason();
      throw switch (action) {
        case Action.OnResource on ->
            ApiFailure.forbidden(on.group(), on.resource(), on.name(), full);
        case Action.OnPath _ -> ApiFailure.forbidden("", "", "", full);
      };
    }
  }

  @Override
  public void committed(
      ResourceType type, Optional<ObjectNode> before, Optional<ObjectNode> after) {
    switch (type.shelf()) {
      case "roles.rbac.authorization.k8s.io",
          "clusterroles.rbac.authorization.k8s.io",
          "rolebindings.rbac.authorization.k8s.io",
          "clusterrolebindings.rbac.authorization.k8s.io",
          "pods" -> {
        Key key = Metadata.key(after.or(() -> before).orElseThrow());
        synchronized (this) {
          // What is stored now counts, so that the order in which writers report does not matter.
          refresh(type.plural(), key, registry.shelf(type).get(key).map(Stored::tree));
        }
      }
      default -> {}
    }
  }

  private void refresh(String plural, Key key, Optional<ObjectNode> now) {
    switch (plural) {
      case "roles", "clusterroles" -> authorizer.rbac().role(key, now);
      case "pods" -> authorizer.nodes().pod(key, now);
      default -> authorizer.rbac().binding(key, now);
    }
  }
}
