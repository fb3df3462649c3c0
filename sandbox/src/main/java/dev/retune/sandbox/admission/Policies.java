package dev.retune.sandbox.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.admission.Policy.Complaint;
import dev.retune.sandbox.authorization.User;
import dev.retune.sandbox.crd.FieldError;
import dev.retune.sandbox.crd.PolicyExpressions.Input;
import dev.retune.sandbox.registry.ApiFailure;
import dev.retune.sandbox.registry.Gate;
import dev.retune.sandbox.registry.Metadata;
import dev.retune.sandbox.registry.Registry;
import dev.retune.sandbox.registry.ResourceType;
import dev.retune.sandbox.store.Key;
import dev.retune.sandbox.store.Stored;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * ValidatingAdmissionPolicies and their bindings: what is in force, and what it has against a write
 * ({@code apiserver/pkg/admission/plugin/policy/validating}). A policy is compiled when it is first
 * needed, and again when its spec has changed. There is no audit log to write to.
 */
final class Policies implements Registry.CommitListener {
  private static final String GROUP = "admissionregistration.k8s.io";
  private static final Map<String, Integer> CODES =
      Map.of("Unauthorized", 401, "Forbidden", 403, "RequestEntityTooLarge", 413, "Invalid", 422);

  private final Registry registry;
  private final Params params;
  private final Map<String, Known> policies = new ConcurrentHashMap<>();
  private final NavigableMap<String, ObjectNode> bindings = new ConcurrentSkipListMap<>();

  Policies(Registry registry, Params params) {
    this.registry = registry;
    this.params = params;
  }

  /** A stored policy, compiled on demand. */
  private static final class Known {
    private final ObjectNode object;
    private final Matching constraints;
    private Optional<Policy> compiled = Optional.empty();

    Known(ObjectNode object) {
      this.object = object;
      this.constraints = Matching.of(object.path("spec").path("matchConstraints"));
    }

    synchronized Policy policy() {
      if (compiled.isEmpty()) {
        compiled = Optional.of(new Policy(object));
      }
      return compiled.get();
    }
  }

  @Override
  public void committed(
      ResourceType type, Optional<ObjectNode> before, Optional<ObjectNode> after) {
    if (!type.group().equals(GROUP)) {
      return;
    }
    Key key = Metadata.key(after.or(() -> before).orElseThrow());
    synchronized (this) {
      Optional<ObjectNode> now = registry.shelf(type).get(key).map(Stored::tree);
      if (type.plural().equals("validatingadmissionpolicybindings")) {
        now.ifPresentOrElse(b -> bindings.put(key.name(), b), () -> bindings.remove(key.name()));
      } else if (now.isEmpty()) {
        policies.remove(key.name());
      } else {
        Known known = policies.get(key.name());
        if (known == null || !known.object.path("spec").equals(now.get().path("spec"))) {
          policies.put(key.name(), new Known(now.get()));
        }
      }
    }
  }

  /**
   * Lets a write pass.
   *
   * @throws ApiFailure when a policy denies it
   */
  void judge(User user, Gate.Write write) {
    if (bindings.isEmpty() || write.type().group().equals(GROUP)) {
      return;
    }
    Optional<ObjectNode> namespace =
        write.key().namespace().isEmpty()
            ? Optional.empty()
            : registry.namespace(write.key().namespace());
    NavigableMap<String, ObjectNode> inForce = new TreeMap<>(bindings);
    for (var binding : inForce.entrySet()) {
      JsonNode spec = binding.getValue().path("spec");
      String name = spec.path("policyName").asText();
      Known known = policies.get(name);
      if (known != null
          && known.constraints.covers(write, namespace)
          && Matching.of(spec.path("matchResources")).covers(write, namespace)) {
        apply(user, write, namespace, known.policy(), name, binding.getKey(), spec);
      }
    }
  }

  private void apply(
      User user,
      Gate.Write write,
      Optional<ObjectNode> namespace,
      Policy policy,
      String name,
      String binding,
      JsonNode spec) {
    String who = "ValidatingAdmissionPolicy '%s'".formatted(name);
    if (policy.broken().isPresent()) {
      if (policy.failsClosed()) {
        throw denied(
            write, who, Complaint.of("failed to configure policy: " + policy.broken().get()));
      }
      return;
    }
    String full = who + " with binding '" + binding + "'";
    List<JsonNode> found;
    try {
      found = params.of(policy.paramKind(), spec.path("paramRef"), write.key().namespace());
    } catch (Params.Unusable unusable) {
      if (policy.failsClosed()) {
        throw denied(
            write, full, Complaint.of("failed to configure binding: " + unusable.getMessage()));
      }
      return;
    }
    ObjectNode request = AdmissionRequest.of(user, write);
    for (JsonNode param : found) {
      Input input =
          new Input(tree(write.object()), tree(write.old()), request, param, tree(namespace));
      for (Complaint complaint : policy.judge(input)) {
        act(write, full, complaint, spec.path("validationActions"));
      }
    }
  }

  private static void act(Gate.Write write, String who, Complaint complaint, JsonNode actions) {
    for (JsonNode action : actions) {
      switch (action.asText()) {
        case "Deny" -> throw denied(write, who, complaint);
        case "Warn" ->
            write.warnings().accept("Validation failed for " + who + ": " + complaint.message());
        default -> {}
      }
    }
  }

  private static ApiFailure denied(Gate.Write write, String who, Complaint complaint) {
    String message = who + " denied request: " + complaint.message();
    String reason = complaint.reason().isEmpty() ? "Invalid" : complaint.reason();
    ResourceType type = write.type();
    return new ApiFailure(
        CODES.getOrDefault(reason, 422),
        reason,
        "%s \"%s\" is forbidden: %s".formatted(type.groupResource(), write.key().name(), message),
        new ApiFailure.Details(
            write.key().name(),
            type.group(),
            type.plural(),
            List.of(new FieldError("", "", message)),
            Optional.empty()));
  }

  private static JsonNode tree(Optional<ObjectNode> object) {
    return object.<JsonNode>map(tree -> tree).orElseGet(MissingNode::getInstance);
  }
}
