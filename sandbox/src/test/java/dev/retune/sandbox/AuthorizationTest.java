package dev.retune.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retune.sandbox.Api.Answer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests of users who may not do everything, in the words of a kube-apiserver. */
class AuthorizationTest {
  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/";
  private static final String REVIEWS = "/apis/authorization.k8s.io/v1/";
  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

  @RegisterExtension static final Fixture FIXTURE = Fixture.start().withWidgets();
  private final Api api = FIXTURE.api();

  @Test
  @DisplayName("who has no role may learn what there is and who they are, and no more")
  void nobody() {
    String user = user();
    for (String path : List.of("/version", "/healthz", "/apis", "/apis/apps/v1", "/openapi/v3")) {
      assertThat(as(user, "GET", path, "").code()).describedAs(path).isEqualTo(200);
    }
    assertThat(as(user, "POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}").code())
        .isEqualTo(201);
    assertThat(refused(as(user, "GET", "/metrics", "")))
        .isEqualTo("forbidden: User \"%s\" cannot get path \"/metrics\"".formatted(user));
    assertThat(refused(as(user, "GET", "/api/v1/nodes", "")))
        .isEqualTo(
            "nodes is forbidden: User \"%s\" cannot list resource \"nodes\" in API group \"\" at the cluster scope"
                .formatted(user));
    assertThat(refused(as(user, "GET", CONFIG_MAPS + "/x?watch=1", "")))
        .isEqualTo(
            "configmaps \"x\" is forbidden: User \"%s\" cannot watch resource \"configmaps\" in API group \"\" in the namespace \"default\""
                .formatted(user));
    assertThat(refused(as(user, "GET", "/api/v1/namespaces/default", "")))
        .endsWith(
            "cannot get resource \"namespaces\" in API group \"\" in the namespace \"default\"");
    Answer status =
        as(user, "PATCH", "/apis/example.org/v1/namespaces/default/widgets/w/status", "{}");
    assertThat(refused(status))
        .isEqualTo(
            "widgets.example.org \"w\" is forbidden: User \"%s\" cannot patch resource \"widgets/status\" in API group \"example.org\" in the namespace \"default\""
                .formatted(user));
    assertThat(status.body().path("details").path("group").asText()).isEqualTo("example.org");
    assertThat(refused(as(user, "GET", "/apis/no.such.group/v1/things", "")))
        .startsWith("things.no.such.group is forbidden: ");
  }

  @Test
  @DisplayName("SEC-1 a role for one ConfigMap lets it be watched by name and no other one be read")
  void oneConfigMap() {
    String user = user();
    role(
        "default",
        user,
        "{verbs: [get, list, watch], apiGroups: [''], resources: [configmaps], resourceNames: [mine]}");
    api.post(CONFIG_MAPS, "{metadata: {name: mine}}");
    assertThat(as(user, "GET", CONFIG_MAPS + "/mine", "").code()).isEqualTo(200);
    assertThat(as(user, "GET", CONFIG_MAPS + "?fieldSelector=metadata.name%3Dmine", "").code())
        .isEqualTo(200);
    assertThat(as(user, "GET", CONFIG_MAPS + "?fieldSelector=metadata.name!%3Dmine", "").code())
        .isEqualTo(403);
    assertThat(as(user, "GET", CONFIG_MAPS + "?fieldSelector=metadata.name%3Dyours", "").code())
        .isEqualTo(403);
    assertThat(as(user, "GET", CONFIG_MAPS, "").code()).isEqualTo(403);
    assertThat(as(user, "GET", "/api/v1/namespaces/kube-system/configmaps/mine", "").code())
        .isEqualTo(403);
    assertThat(as(user, "DELETE", CONFIG_MAPS + "/mine", "").code()).isEqualTo(403);
  }

  @Test
  @DisplayName("a PUT or an apply that creates needs the verb create as well")
  void createOnUpdate() {
    String user = user();
    role(
        "default",
        user,
        "{verbs: [get, update, patch], apiGroups: ['', coordination.k8s.io], resources: ['*']}");
    Answer put =
        as(
            user,
            "PUT",
            "/apis/coordination.k8s.io/v1/namespaces/default/leases/l",
            "{metadata: {name: l}}");
    assertThat(refused(put)).contains("cannot create resource \"leases\"");
    Answer apply =
        send(
            user,
            "PATCH",
            CONFIG_MAPS + "/new?fieldManager=t",
            Api.APPLY,
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: new}}");
    assertThat(refused(apply)).contains("cannot create resource \"configmaps\"");
  }

  @Test
  @DisplayName("nobody writes a role or a binding that gives more than they have")
  void escalation() {
    String user = user();
    role(
        "default",
        user,
        "{verbs: ['*'], apiGroups: [rbac.authorization.k8s.io], resources: [roles, rolebindings]}");
    // The verb * includes escalate and bind, so the next one is narrower.
    String narrow = user();
    role(
        "default",
        narrow,
        "{verbs: [create, update], apiGroups: [rbac.authorization.k8s.io], resources: [roles, rolebindings]}");
    String roles = RBAC + "namespaces/default/roles";
    String wanted =
        "{metadata: {name: %s}, rules: [{verbs: [get], apiGroups: [''], resources: [secrets]}]}";
    assertThat(as(user, "POST", roles, wanted.formatted(Fixture.name("r"))).code()).isEqualTo(201);
    String name = Fixture.name("r");
    assertThat(refused(as(narrow, "POST", roles, wanted.formatted(name))))
        .isEqualTo(
            """
            roles.rbac.authorization.k8s.io "%s" is forbidden: user "%s" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:
            {APIGroups:[""], Resources:["secrets"], Verbs:["get"]}\
            """
                .formatted(name, narrow));
    String binding =
        "{metadata: {name: %s}, roleRef: {kind: ClusterRole, name: %s}, subjects: [{kind: User, name: x}]}";
    String bindings = RBAC + "namespaces/default/rolebindings";
    assertThat(refused(as(narrow, "POST", bindings, binding.formatted(Fixture.name("b"), "view"))))
        .contains("is attempting to grant RBAC permissions not currently held:\n");
    assertThat(as(narrow, "POST", bindings, binding.formatted("b", "nowhere")).message())
        .isEqualTo("clusterrole.rbac.authorization.k8s.io \"nowhere\" not found");
    role(
        "default",
        narrow + "-bind",
        narrow,
        "{verbs: [bind], apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], resourceNames: [view]}");
    assertThat(as(narrow, "POST", bindings, binding.formatted(Fixture.name("b"), "view")).code())
        .isEqualTo(201);
    assertThat(refused(as(narrow, "POST", bindings, binding.formatted(Fixture.name("b"), "edit"))))
        .contains("not currently held");
  }

  @Test
  @DisplayName("admin, edit and view are put together from the roles that have their labels")
  void aggregation() {
    String name = Fixture.name("widgets-view");
    api.post(
        RBAC + "clusterroles",
        """
        metadata: {name: %s, labels: {rbac.authorization.k8s.io/aggregate-to-view: "true"}}
        rules: [{verbs: [get], apiGroups: [example.org], resources: [widgets]}]
        """
            .formatted(name));
    for (String role : List.of("view", "edit", "admin")) {
      JsonNode rules = api.get(RBAC + "clusterroles/" + role).body().path("rules");
      assertThat(rules.toString()).describedAs(role).contains("\"resources\":[\"widgets\"]");
    }
    String user = user();
    api.post(
        RBAC + "namespaces/default/rolebindings",
        "{metadata: {name: %s}, roleRef: {kind: ClusterRole, name: edit}, subjects: [{kind: User, name: %s}]}"
            .formatted(user, user));
    String widgets = "/apis/example.org/v1/namespaces/default/widgets";
    assertThat(as(user, "GET", widgets + "/none", "").code()).isEqualTo(404);
    assertThat(as(user, "POST", CONFIG_MAPS, "{metadata: {name: of-%s}}".formatted(user)).code())
        .isEqualTo(201);
    assertThat(as(user, "GET", "/api/v1/nodes", "").code()).isEqualTo(403);
    api.delete(RBAC + "clusterroles/" + name);
    assertThat(as(user, "GET", widgets + "/none", "").code()).isEqualTo(403);
  }

  @Test
  @DisplayName("reviews answer by what would be decided, with the reason")
  void reviews() {
    String user = user();
    role("default", user, "{verbs: [get], apiGroups: [''], resources: [pods/log]}");
    String question =
        "{spec: {%s resourceAttributes: {verb: get, resource: pods, subresource: log, namespace: %s}}}";
    JsonNode own =
        as(user, "POST", REVIEWS + "selfsubjectaccessreviews", question.formatted("", "default"))
            .body();
    assertThat(own.at("/status/allowed").asBoolean()).isTrue();
    assertThat(own.at("/status/reason").asText())
        .isEqualTo(
            "RBAC: allowed by RoleBinding \"%s/default\" of Role \"%s\" to User \"%s\""
                .formatted(user, user, user));
    String about = "user: " + user + ",";
    assertThat(review("subjectaccessreviews", question.formatted(about, "default"))).isTrue();
    assertThat(review("subjectaccessreviews", question.formatted(about, "kube-system"))).isFalse();
    assertThat(
            review(
                "namespaces/default/localsubjectaccessreviews",
                question.formatted(about, "default")))
        .isTrue();
    assertThat(
            review(
                "subjectaccessreviews",
                "{spec: {user: 'system:node:n', groups: ['system:nodes'], resourceAttributes: {verb: list, resource: pods, fieldSelector: {rawSelector: spec.nodeName=n}}}}"))
        .isTrue();
    assertThat(
            as(user, "POST", REVIEWS + "subjectaccessreviews", question.formatted(about, "default"))
                .code())
        .isEqualTo(403);
    JsonNode rules =
        as(user, "POST", REVIEWS + "selfsubjectrulesreviews", "{spec: {namespace: default}}")
            .body()
            .path("status");
    assertThat(rules.path("resourceRules").toString())
        .contains("{\"verbs\":[\"get\"],\"apiGroups\":[\"\"],\"resources\":[\"pods/log\"]}");
    assertThat(rules.path("nonResourceRules").toString()).contains("/healthz");
    assertThat(rules.path("incomplete").asBoolean()).isFalse();
  }

  @Test
  @DisplayName("kubectl auth can-i answers yes and no; a master may do all")
  void canI() {
    Kubectl.assume();
    Kubectl kubectl = FIXTURE.kubectl();
    String user = user();
    role("default", user, "{verbs: [get, watch], apiGroups: [example.org], resources: [widgets]}");
    assertThat(kubectl.ok("auth", "can-i", "delete", "nodes").strip()).endsWith("yes");
    assertThat(kubectl.ok("auth", "can-i", "watch", "widgets.example.org", "--as", user).strip())
        .isEqualTo("yes");
    assertThat(
            kubectl
                .run("auth", "can-i", "delete", "widgets.example.org", "--as", user)
                .out()
                .strip())
        .isEqualTo("no");
    assertThat(kubectl.ok("auth", "can-i", "--list", "--as", user))
        .containsPattern("widgets\\.example\\.org +\\[] +\\[] +\\[get watch]");
    assertThat(kubectl.run("get", "nodes", "--as", user).err())
        .isEqualTo(
            "Error from server (Forbidden): nodes is forbidden: User \"%s\" cannot list resource \"nodes\" in API group \"\" at the cluster scope\n"
                .formatted(user));
  }

  @Test
  @DisplayName("NodeRestriction: a node writes its own Node, Lease and pods only")
  void nodeRestriction() {
    String node = Fixture.name("node");
    String user = "system:node:" + node;
    FIXTURE.sandbox().token(user, user, List.of("system:nodes"));
    String nodes = "/api/v1/nodes";
    assertThat(as(user, "POST", nodes, "{metadata: {name: %s}}".formatted(node)).code())
        .isEqualTo(201);
    assertThat(refused(as(user, "POST", nodes, "{metadata: {name: other}}")))
        .isEqualTo(
            "nodes \"other\" is forbidden: node \"%s\" is not allowed to modify node \"other\""
                .formatted(node));
    assertThat(
            send(
                    user,
                    "PATCH",
                    nodes + "/" + node + "/status",
                    Api.MERGE,
                    "{\"status\": {\"phase\": \"x\"}}")
                .code())
        .isEqualTo(200);
    assertThat(
            refused(
                send(
                    user,
                    "PATCH",
                    nodes + "/" + node,
                    Api.MERGE,
                    "{\"spec\":{\"taints\":[{\"key\":\"a\",\"effect\":\"NoSchedule\"}]}}")))
        .endsWith("is not allowed to modify taints");
    String leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
    assertThat(as(user, "POST", leases, "{metadata: {name: %s}}".formatted(node)).code())
        .isEqualTo(201);
    assertThat(refused(as(user, "POST", leases, "{metadata: {name: other}}")))
        .endsWith("can only access node lease with the same name as the requesting node");
  }

  private boolean review(String reviews, String question) {
    return api.post(REVIEWS + reviews, question).body().at("/status/allowed").asBoolean();
  }

  /** A user of no group; the token is the name. */
  private static String user() {
    String name = Fixture.name("user");
    FIXTURE.sandbox().token(name, name, List.of());
    return name;
  }

  private void role(String namespace, String user, String rule) {
    role(namespace, user, user, rule);
  }

  private void role(String namespace, String name, String user, String rule) {
    String base = RBAC + "namespaces/" + namespace;
    assertThat(
            api.post(base + "/roles", "{metadata: {name: %s}, rules: [%s]}".formatted(name, rule))
                .code())
        .isEqualTo(201);
    assertThat(
            api.post(
                    base + "/rolebindings",
                    "{metadata: {name: %s}, roleRef: {kind: Role, name: %s}, subjects: [{kind: User, name: %s}]}"
                        .formatted(name, name, user))
                .code())
        .isEqualTo(201);
  }

  private Answer as(String token, String method, String path, String body) {
    return send(token, method, path, method.equals("PATCH") ? Api.MERGE : "application/yaml", body);
  }

  private Answer send(String token, String method, String path, String contentType, String body) {
    try {
      return api.request(
          api.anonymous(path)
              .header("Authorization", "Bearer " + token)
              .method(method, HttpRequest.BodyPublishers.ofString(body)),
          body.isEmpty() ? "" : contentType);
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    }
  }

  private static String refused(Answer answer) {
    assertThat(answer.code()).describedAs(answer.body().toString()).isEqualTo(403);
    assertThat(answer.reason()).isEqualTo("Forbidden");
    return answer.message();
  }
}
