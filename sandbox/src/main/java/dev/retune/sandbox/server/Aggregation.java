package dev.retune.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.registry.ApiFailure;
import dev.retune.sandbox.registry.BuiltIns;
import dev.retune.sandbox.registry.Call;
import dev.retune.sandbox.registry.Metadata;
import dev.retune.sandbox.registry.Registry;
import dev.retune.sandbox.registry.ResourceType;
import dev.retune.sandbox.store.Json;
import dev.retune.sandbox.store.Key;
import dev.retune.sandbox.store.LabelSelector;
import dev.retune.sandbox.store.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Fills ClusterRoles that have an {@code aggregationRule} with the rules of those it selects, as
 * the controller of that name does in a cluster. Only roles with labels can be selected, so only
 * those are remembered.
 */
final class Aggregation implements Registry.CommitListener {
  private final Registry registry;
  private final NavigableMap<String, ObjectNode> labelled = new TreeMap<>();
  private final NavigableMap<String, ObjectNode> aggregated = new TreeMap<>();

  Aggregation(Registry registry) {
    this.registry = registry;
  }

  @Override
  public void committed(
      ResourceType type, Optional<ObjectNode> before, Optional<ObjectNode> after) {
    if (!type.equals(BuiltIns.CLUSTER_ROLES)) {
      return;
    }
    Key key = Metadata.key(after.or(() -> before).orElseThrow());
    List<String> stale = new ArrayList<>();
    synchronized (this) {
      Optional<ObjectNode> now = registry.shelf(type).get(key).map(Stored::tree);
      keep(labelled, key.name(), now.filter(Aggregation::hasLabels));
      keep(aggregated, key.name(), now.filter(role -> role.has("aggregationRule")));
      aggregated.forEach((name, role) -> {
        boolean concerned =
            name.equals(key.name())
                || before.map(was -> selects(role, was)).orElse(false)
                || now.map(is -> selects(role, is)).orElse(false);
        if (concerned) {
          stale.add(name);
        }
      });
    }
    stale.forEach(this::fill);
  }

  private void fill(String name) {
    try {
      registry.update(BuiltIns.CLUSTER_ROLES, new Key("", name), this::filled, Call.internal());
    } catch (ApiFailure gone) {
      if (gone.code() != 404) {
        throw gone;
      }
    }
  }

  private synchronized ObjectNode filled(ObjectNode role) {
    if (!role.has("aggregationRule")) {
      return role;
    }
    ArrayNode rules = Json.object().putArray("rules");
    labelled.forEach((name, other) -> {
      if (!name.equals(Metadata.key(role).name()) && selects(role, other)) {
        for (JsonNode rule : other.path("rules")) {
          if (!contains(rules, rule)) {
            rules.add(rule);
          }
        }
      }
    });
    role.set("rules", rules);
    return role;
  }

  private static void keep(
      NavigableMap<String, ObjectNode> map, String name, Optional<ObjectNode> role) {
    if (role.isPresent()) {
      map.put(name, role.get());
    } else {
      map.remove(name);
    }
  }

  private static boolean hasLabels(ObjectNode role) {
    return !role.path("metadata").path("labels").isEmpty();
  }

  private static boolean selects(ObjectNode aggregating, ObjectNode role) {
    for (JsonNode selector : aggregating.path("aggregationRule").path("clusterRoleSelectors")) {
      if (LabelSelector.selects(selector, role)) {
        return true;
      }
    }
    return false;
  }

  private static boolean contains(ArrayNode rules, JsonNode wanted) {
    for (JsonNode rule : rules) {
      if (rule.equals(wanted)) {
        return true;
      }
    }
    return false;
  }
}
