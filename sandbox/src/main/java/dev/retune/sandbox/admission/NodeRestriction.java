package dev.retune.sandbox.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.authorization.User;
import dev.retune.sandbox.registry.Gate;
import dev.retune.sandbox.registry.Gate.Operation;
import dev.retune.sandbox.store.Json;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A node writes itself and its own pods only ({@code plugin/pkg/admission/noderestriction}), for
 * the kinds there are here.
 */
final class NodeRestriction {
  private static final String MIRROR = "kubernetes.io/config.mirror";
  private static final String RESERVED = "node-restriction.kubernetes.io";
  private static final String LEASES = "kube-node-lease";

  private NodeRestriction() {}

  static void judge(User user, Gate.Write write) {
    Optional<String> node = user.node();
    if (node.isPresent()) {
      switch (write.type().groupResource()) {
        case "nodes" -> node(node.get(), write);
        case "pods" -> pod(node.get(), write);
        case "leases.coordination.k8s.io" -> lease(node.get(), write);
        default -> {}
      }
    }
  }

  private static void node(String node, Gate.Write write) {
    String name = write.key().name();
    String self = "node \"%s\" is not allowed to ".formatted(node);
    if (!name.equals(node)) {
      throw write.forbidden(self + "modify node \"" + name + "\"");
    }
    if (write.operation() == Operation.DELETE) {
      return;
    }
    JsonNode old = write.old().<JsonNode>map(tree -> tree).orElseGet(Json::object);
    ObjectNode object = write.object().orElseThrow();
    JsonNode source = object.path("spec").path("configSource");
    if (!source.isMissingNode() && !source.equals(old.path("spec").path("configSource"))) {
      throw write.forbidden(
          self
              + (write.operation() == Operation.CREATE
                  ? "create pods with a non-nil configSource"
                  : "update configSource to a new non-nil configSource"));
    }
    boolean update = write.operation() == Operation.UPDATE;
    if (update && !object.path("spec").path("taints").equals(old.path("spec").path("taints"))) {
      throw write.forbidden(self + "modify taints");
    }
    Set<String> labels = changedLabels(object, old);
    if (!labels.isEmpty()) {
      throw write.forbidden(
          self
              + (update ? "modify" : "set the following")
              + " labels: "
              + String.join(", ", labels));
    }
  }

  /** Those that isolate nodes from each other, and so are not the node's own business. */
  private static Set<String> changedLabels(JsonNode object, JsonNode old) {
    JsonNode now = object.path("metadata").path("labels");
    JsonNode was = old.path("metadata").path("labels");
    TreeSet<String> names = new TreeSet<>();
    now.fieldNames().forEachRemaining(names::add);
    was.fieldNames().forEachRemaining(names::add);
    names.removeIf(name -> {
      String domain = name.contains("/") ? name.substring(0, name.indexOf('/')) : "";
      boolean reserved = domain.equals(RESERVED) || domain.endsWith("." + RESERVED);
      return !reserved || now.path(name).equals(was.path(name));
    });
    return names;
  }

  private static void pod(String node, Gate.Write write) {
    String only = "node \"%s\" can only ".formatted(node);
    JsonNode pod =
        write.operation() == Operation.CREATE
            ? write.object().orElseThrow()
            : write.old().orElseThrow();
    boolean own = pod.path("spec").path("nodeName").asText("").equals(node);
    switch (write.operation()) {
      case CREATE -> {
        if (!pod.path("metadata").path("annotations").has(MIRROR)) {
          throw write.forbidden(
              "pod does not have \"" + MIRROR + "\" annotation, " + only + "create mirror pods");
        }
        if (!own) {
          throw write.forbidden(only + "create pods with spec.nodeName set to itself");
        }
      }
      case UPDATE -> {
        if (!own) {
          throw write.forbidden(
              only + "update pod status for pods with spec.nodeName set to itself");
        }
      }
      case DELETE -> {
        if (!own) {
          throw write.forbidden(only + "delete pods with spec.nodeName set to itself");
        }
      }
    }
  }

  private static void lease(String node, Gate.Write write) {
    if (!write.key().namespace().equals(LEASES)) {
      throw write.forbidden(
          "can only access leases in the \"%s\" system namespace".formatted(LEASES));
    }
    if (!write.key().name().equals(node)) {
      throw write.forbidden("can only access node lease with the same name as the requesting node");
    }
  }
}
