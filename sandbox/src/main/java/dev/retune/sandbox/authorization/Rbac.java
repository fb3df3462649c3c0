package dev.retune.sandbox.authorization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.store.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Roles and bindings, indexed by who is bound: a decision looks at the bindings of the user and of
 * the user's groups in one namespace, however many others there are.
 *
 * <p>Keys without a namespace are those of ClusterRoles and ClusterRoleBindings. Writers take
 * turns; readers see each object as it was or as it is.
 */
public final class Rbac {
  private final Map<Key, List<PolicyRule>> roles = new ConcurrentHashMap<>();
  private final Map<Key, Binding> bindings = new ConcurrentHashMap<>();
  private final Map<Key, Map<String, Bound>> bySubject = new ConcurrentHashMap<>();

  private record Binding(Key key, Key role, List<Subject> subjects) {}

  /**
   * @param index what {@link #bySubject} knows the subject by
   * @param description the subject, as reasons name it
   */
  private record Subject(String index, String description) {}

  /** One way from a subject to a role. */
  private record Bound(Key binding, Key role, String subject) {
    String description() {
      boolean cluster = binding.namespace().isEmpty();
      return "%s \"%s\" of %s \"%s\" to %s"
          .formatted(
              cluster ? "ClusterRoleBinding" : "RoleBinding",
              cluster ? binding.name() : binding.name() + "/" + binding.namespace(),
              role.namespace().isEmpty() ? "ClusterRole" : "Role",
              role.name(),
              subject);
    }

    String missing() {
      return "%s.rbac.authorization.k8s.io \"%s\" not found"
          .formatted(role.namespace().isEmpty() ? "clusterrole" : "role", role.name());
    }
  }

  /**
   * What somebody may do.
   *
   * @param errors roles that are bound and do not exist
   */
  public record Held(List<PolicyRule> rules, List<String> errors) {}

  /** Takes note of what a Role or ClusterRole is now; empty when it is gone. */
  public void role(Key key, Optional<ObjectNode> role) {
    if (role.isPresent()) {
      roles.put(key, PolicyRule.ofRole(role.get()));
    } else {
      roles.remove(key);
    }
  }

  /** Takes note of what a RoleBinding or ClusterRoleBinding is now; empty when it is gone. */
  public synchronized void binding(Key key, Optional<ObjectNode> binding) {
    Binding fresh = binding.map(tree -> read(key, tree)).orElse(null);
    Binding old = fresh == null ? bindings.remove(key) : bindings.put(key, fresh);
    if (fresh != null) {
      for (Subject subject : fresh.subjects()) {
        bySubject
            .computeIfAbsent(place(key, subject.index()), any -> new ConcurrentSkipListMap<>())
            .put(key.name(), new Bound(key, fresh.role(), subject.description()));
      }
    }
    if (old != null) {
      for (Subject subject : old.subjects()) {
        boolean still =
            fresh != null
                && fresh.subjects().stream().anyMatch(s -> s.index().equals(subject.index()));
        if (!still) {
          forget(place(key, subject.index()), key.name());
        }
      }
    }
  }

  /** The rules of a role, empty when there is none. */
  public Optional<List<PolicyRule>> rulesOf(Key role) {
    return Optional.ofNullable(roles.get(role));
  }

  Decision decide(User user, Action action) {
    String namespace = action instanceof Action.OnResource on ? on.namespace() : "";
    List<String> errors = new ArrayList<>();
    for (Bound bound : bound(user, namespace)) {
      List<PolicyRule> rules = roles.get(bound.role());
      if (rules == null) {
        errors.add(bound.missing());
        continue;
      }
      for (PolicyRule rule : rules) {
        if (rule.allows(action)) {
          return new Decision(true, "RBAC: allowed by " + bound.description());
        }
      }
    }
    return errors.isEmpty()
        ? Decision.REFUSED
        : Decision.refused("RBAC: " + (errors.size() == 1 ? errors.getFirst() : errors.toString()));
  }

  /**
   * Everything a user may do.
   *
   * @param namespace empty for what holds in the whole cluster only
   */
  public Held held(User user, String namespace) {
    List<PolicyRule> rules = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    for (Bound bound : bound(user, namespace)) {
      List<PolicyRule> found = roles.get(bound.role());
      if (found == null) {
        errors.add(bound.missing());
      } else {
        rules.addAll(found);
      }
    }
    return new Held(rules, errors);
  }

  private List<Bound> bound(User user, String namespace) {
    List<Bound> all = new ArrayList<>();
    collect(all, user, "");
    if (!namespace.isEmpty()) {
      collect(all, user, namespace);
    }
    return all;
  }

  private void collect(List<Bound> all, User user, String namespace) {
    all.addAll(bySubject.getOrDefault(new Key(namespace, user(user.name())), Map.of()).values());
    for (String group : user.groups()) {
      all.addAll(bySubject.getOrDefault(new Key(namespace, group(group)), Map.of()).values());
    }
  }

  private void forget(Key place, String binding) {
    Map<String, Bound> left = bySubject.get(place);
    if (left != null) {
      left.remove(binding);
      if (left.isEmpty()) {
        bySubject.remove(place);
      }
    }
  }

  private static Key place(Key binding, String index) {
    return new Key(binding.namespace(), index);
  }

  private static Binding read(Key key, ObjectNode tree) {
    JsonNode ref = tree.path("roleRef");
    boolean cluster = ref.path("kind").asText().equals("ClusterRole");
    Key role = new Key(cluster ? "" : key.namespace(), ref.path("name").asText());
    List<Subject> subjects = new ArrayList<>();
    for (JsonNode subject : tree.path("subjects")) {
      subject(subject, key.namespace()).ifPresent(subjects::add);
    }
    return new Binding(key, role, subjects);
  }

  private static Optional<Subject> subject(JsonNode subject, String namespace) {
    String kind = subject.path("kind").asText();
    String name = subject.path("name").asText();
    String plain = kind + " \"" + name + "\"";
    return switch (kind) {
      case "User" -> Optional.of(new Subject(user(name), plain));
      case "Group" -> Optional.of(new Subject(group(name), plain));
      case "ServiceAccount" -> {
        String home = subject.path("namespace").asText(namespace);
        yield Optional.of(
            new Subject(
                user(User.serviceAccount(home, name)),
                "ServiceAccount \"" + name + "/" + home + "\""));
      }
      default -> Optional.empty();
    };
  }

  private static String user(String name) {
    return "user " + name;
  }

  private static String group(String name) {
    return "group " + name;
  }
}
