package dev.retune.sandbox.admission;

import dev.retune.sandbox.authorization.Authorizer;
import dev.retune.sandbox.authorization.User;
import dev.retune.sandbox.registry.ApiFailure;
import dev.retune.sandbox.registry.Catalog;
import dev.retune.sandbox.registry.Gate;
import dev.retune.sandbox.registry.Registry;

/** Asks everybody who may refuse a write, in a kube-apiserver's order. */
public final class Admission {
  private final RoleGuard roles;
  private final Policies policies;

  public Admission(Registry registry, Catalog catalog, Authorizer authorizer) {
    this.roles = new RoleGuard(authorizer);
    this.policies = new Policies(registry, new Params(registry, catalog));
    registry.listen(policies);
  }

  /**
   * Lets a user's write pass.
   *
   * @throws ApiFailure when it may not
   */
  public void judge(User user, Gate.Write write) {
    roles.judge(user, write);
    NodeRestriction.judge(user, write);
    policies.judge(user, write);
  }
}
