package dev.retune.sandbox.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.authorization.Action.OnPath;
import dev.retune.sandbox.authorization.Action.OnResource;
import dev.retune.sandbox.store.Json;
import dev.retune.sandbox.store.Key;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class AuthorizerTest {
  private static final User ANN = User.authenticated("ann", List.of("admins"));
  private static final User NODE =
      User.authenticated("system:node:node-a", List.of("system:nodes"));

  private final Authorizer authorizer = new Authorizer();

  @ParameterizedTest(name = "{0} {1} of group {2}, named {3}: {4}")
  @CsvSource({
    "get,    pods,          '', x, true",
    "delete, pods,          '', x, false",
    "get,    pods/log,      '', x, true",
    "get,    pods/exec,     '', x, false",
    "get,    pods,          apps, x, false",
    "update, deployments/status, apps, x, true",
    "update, deployments,   apps, x, false",
    "get,    configmaps,    '', mine, true",
    "get,    configmaps,    '', yours, false",
    "list,   configmaps,    '', mine, true",
    "list,   configmaps,    '', '', false",
    "create, configmaps,    '', '', false",
    "patch,  anything/at/all, everything.example.com, x, true",
  })
  @DisplayName("a rule allows what its verbs, groups, resources and names allow together")
  void rules(String verb, String resource, String group, String name, boolean allowed) {
    role(
        "",
        "r",
        """
        - {verbs: [get], apiGroups: [""], resources: [pods, pods/log]}
        - {verbs: [update], apiGroups: ["*"], resources: ["*/status"]}
        - {verbs: ["*"], apiGroups: [""], resources: [configmaps], resourceNames: [mine]}
        - {verbs: ["*"], apiGroups: [everything.example.com], resources: ["*"]}
        """);
    bind("", "b", "ClusterRole", "r", "{kind: User, name: ann}");
    assertThat(authorizer.decide(ANN, on(verb, group, resource, "ns", name)).allowed())
        .isEqualTo(allowed);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "/healthz, true",
    "/healthz/etcd, false",
    "/apis, false",
    "/apis/apps, true",
    "/apis/apps/v1, true",
    "/metrics, false"
  })
  @DisplayName("a trailing * of a path stands for everything behind it")
  void paths(String path, boolean allowed) {
    role("", "r", "- {verbs: [get], nonResourceURLs: [/healthz, \"/apis/*\"]}");
    bind("", "b", "ClusterRole", "r", "{kind: Group, name: admins}");
    assertThat(authorizer.decide(ANN, new OnPath("get", path)).allowed()).isEqualTo(allowed);
    assertThat(authorizer.decide(ANN, new OnPath("post", path)).allowed()).isFalse();
  }

  @Test
  @DisplayName("a RoleBinding gives a Role or a ClusterRole in its namespace only, and says so")
  void namespaces() {
    role("", "reader", "- {verbs: [get], apiGroups: [''], resources: [secrets]}");
    role("one", "writer", "- {verbs: [update], apiGroups: [''], resources: [secrets]}");
    bind("one", "b1", "ClusterRole", "reader", "{kind: User, name: ann}");
    bind("one", "b2", "Role", "writer", "{kind: ServiceAccount, namespace: two, name: bot}");
    assertThat(authorizer.decide(ANN, on("get", "", "secrets", "one", "s")))
        .isEqualTo(
            new Decision(
                true,
                "RBAC: allowed by RoleBinding \"b1/one\" of ClusterRole \"reader\" to User \"ann\""));
    assertThat(authorizer.decide(ANN, on("get", "", "secrets", "two", "s")).allowed()).isFalse();
    assertThat(authorizer.decide(ANN, on("list", "", "secrets", "", "")).allowed()).isFalse();
    User bot = User.authenticated("system:serviceaccount:two:bot", List.of());
    assertThat(authorizer.decide(bot, on("update", "", "secrets", "one", "s")).reason())
        .isEqualTo(
            "RBAC: allowed by RoleBinding \"b2/one\" of Role \"writer\" to ServiceAccount \"bot/two\"");
    assertThat(bot.groups())
        .containsExactly(
            "system:serviceaccounts", "system:serviceaccounts:two", "system:authenticated");
  }

  @Test
  @DisplayName("what is taken away is gone: a subject, a binding, a role; a missing role is named")
  void changes() {
    role("", "r", "- {verbs: [get], apiGroups: [''], resources: [nodes]}");
    bind("", "b", "ClusterRole", "r", "{kind: User, name: ann}, {kind: Group, name: admins}");
    Action action = on("get", "", "nodes", "", "n");
    bind("", "b", "ClusterRole", "r", "{kind: Group, name: admins}");
    assertThat(authorizer.decide(ANN, action).allowed()).isTrue();
    assertThat(authorizer.decide(User.authenticated("ann", List.of()), action).allowed()).isFalse();
    authorizer.rbac().role(new Key("", "r"), Optional.empty());
    assertThat(authorizer.decide(ANN, action))
        .isEqualTo(Decision.refused("RBAC: clusterrole.rbac.authorization.k8s.io \"r\" not found"));
    authorizer.rbac().binding(new Key("", "b"), Optional.empty());
    assertThat(authorizer.decide(ANN, action)).isEqualTo(Decision.REFUSED);
    assertThat(authorizer.decide(User.authenticated("root", List.of("system:masters")), action))
        .isEqualTo(Decision.ALLOWED);
  }

  @ParameterizedTest(name = "{0} {1}/{2} {3}: {4}")
  @CsvSource({
    "get, nodes, '', node-a, true",
    "get, nodes, '', node-b, false",
    "watch, nodes, '', node-a, true",
    "list, nodes, '', '', false",
    "patch, nodes/status, '', node-a, true",
    "delete, nodes, '', node-a, false",
    "get, nodes/proxy, '', node-a, false",
    "get, leases, kube-node-lease, node-a, true",
    "update, leases, kube-node-lease, node-b, false",
    "create, leases, default, '', false",
    "list, leases, kube-node-lease, '', false",
    "create, events, default, '', true",
    "list, events, default, '', false",
    "get, configmaps, ns, used, true",
    "watch, configmaps, ns, used, true",
    "get, configmaps, ns, from-env, true",
    "get, configmaps, ns, other, false",
    "get, configmaps, elsewhere, used, false",
    "list, configmaps, ns, '', false",
    "update, configmaps, ns, used, false",
    "get, secrets, ns, pull, true",
    "get, secrets, ns, mirrored, false",
    "get, pods, ns, p, true",
    "get, pods, ns, q, false",
    "list, pods, '', '', false",
    "get, nodekubelets, '', node-a, false",
  })
  @DisplayName("SEC-1 a node may read what its pods need and write what it reports, and no more")
  void nodes(String verb, String resource, String namespace, String name, boolean allowed) {
    pod(
        "p",
        """
        spec:
          nodeName: node-a
          imagePullSecrets: [{name: pull}]
          volumes: [{name: v, projected: {sources: [{configMap: {name: used}}]}}]
          initContainers: [{name: i, env: [{name: E, valueFrom: {configMapKeyRef: {name: from-env}}}]}]
        """);
    pod("q", "spec: {nodeName: node-b, volumes: [{name: v, configMap: {name: other}}]}");
    pod(
        "m",
        """
        metadata: {annotations: {kubernetes.io/config.mirror: x}}
        spec: {nodeName: node-a, volumes: [{name: v, secret: {secretName: mirrored}}]}
        """);
    String group =
        switch (resource) {
          case "leases" -> "coordination.k8s.io";
          case "nodekubelets" -> "retune.dev";
          default -> "";
        };
    assertThat(authorizer.decide(NODE, on(verb, group, resource, namespace, name)).allowed())
        .isEqualTo(allowed);
    authorizer.nodes().pod(new Key("ns", "p"), Optional.empty());
    assertThat(authorizer.decide(NODE, on("get", "", "configmaps", "ns", "used")).reason())
        .isEqualTo("no relationship found between node 'node-a' and this object");
  }

  @Test
  @DisplayName("a node lists its own pods, by field selector")
  void ownPods() {
    OnResource list =
        new OnResource("list", "", "pods", "", "", "", Map.of("spec.nodeName", "node-a"));
    assertThat(authorizer.decide(NODE, list).allowed()).isTrue();
    assertThat(
            authorizer
                .decide(User.authenticated("system:node:node-b", List.of("system:nodes")), list)
                .allowed())
        .isFalse();
    assertThat(
            authorizer.decide(User.authenticated("system:node:node-a", List.of()), list).allowed())
        .describedAs("the name alone makes no node")
        .isFalse();
  }

  @Test
  @DisplayName("nobody grants what they do not have; what is missing is told, verbs together")
  void escalation() {
    role("", "r", "- {verbs: [get, list], apiGroups: [''], resources: [pods]}");
    bind("", "b", "ClusterRole", "r", "{kind: User, name: ann}");
    Rbac.Held held = authorizer.rbac().held(ANN, "");
    assertThat(
            Escalation.refusal(
                ANN, held, rules("[{verbs: [list], apiGroups: [''], resources: [pods]}]")))
        .isEmpty();
    assertThat(
            Escalation.refusal(
                ANN,
                held,
                rules(
                    "[{verbs: [get, update, delete], apiGroups: [''], resources: [pods, nodes], resourceNames: [x]}]")))
        .hasValue(
            """
            user "ann" (groups=["admins" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:
            {APIGroups:[""], Resources:["nodes"], ResourceNames:["x"], Verbs:["get" "update" "delete"]}
            {APIGroups:[""], Resources:["pods"], ResourceNames:["x"], Verbs:["update" "delete"]}\
            """);
  }

  @Test
  @DisplayName("with 5,000 nodes and a role for each, a decision looks at the asker's own roles")
  void many() {
    for (int i = 0; i < 5_000; i++) {
      role(
          "kube-system",
          "r" + i,
          "- {verbs: [get], apiGroups: [''], resources: [configmaps], resourceNames: [c%d]}"
              .formatted(i));
      bind(
          "kube-system",
          "r" + i,
          "Role",
          "r" + i,
          "{kind: User, name: 'system:node:n%d'}".formatted(i));
    }
    User node = User.authenticated("system:node:n4999", List.of("system:nodes"));
    Action own = on("get", "", "configmaps", "kube-system", "c4999");
    Action others = on("get", "", "configmaps", "kube-system", "c4998");
    assertThat(authorizer.decide(node, own).allowed()).isTrue();
    long start = System.nanoTime();
    int rounds = 20_000;
    for (int i = 0; i < rounds; i++) {
      authorizer.decide(node, own);
      authorizer.decide(node, others);
    }
    long nanos = (System.nanoTime() - start) / (2L * rounds);
    System.out.println("a decision among 5,000 roles: " + nanos + " ns");
    assertThat(authorizer.rbac().held(node, "kube-system").rules()).hasSize(1);
    // A search through 5,000 roles takes longer, even cold and on a busy machine.
    assertThat(nanos).isLessThan(100_000);
  }

  private static OnResource on(
      String verb, String group, String combined, String namespace, String name) {
    int slash = combined.indexOf('/');
    return new OnResource(
        verb,
        group,
        slash < 0 ? combined : combined.substring(0, slash),
        slash < 0 ? "" : combined.substring(slash + 1),
        namespace,
        name,
        Map.of());
  }

  private void role(String namespace, String name, String rules) {
    ObjectNode role = Json.object();
    role.set("rules", yaml(rules));
    authorizer.rbac().role(new Key(namespace, name), Optional.of(role));
  }

  private void bind(String namespace, String name, String kind, String role, String subjects) {
    authorizer
        .rbac()
        .binding(
            new Key(namespace, name),
            Optional.of(
                (ObjectNode)
                    yaml(
                        "{roleRef: {kind: %s, name: %s}, subjects: [%s]}"
                            .formatted(kind, role, subjects))));
  }

  private void pod(String name, String yaml) {
    authorizer.nodes().pod(new Key("ns", name), Optional.of((ObjectNode) yaml(yaml)));
  }

  private static List<PolicyRule> rules(String yaml) {
    ObjectNode role = Json.object();
    role.set("rules", yaml(yaml));
    return PolicyRule.ofRole(role);
  }

  private static JsonNode yaml(String text) {
    return Json.MAPPER.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(text));
  }
}
