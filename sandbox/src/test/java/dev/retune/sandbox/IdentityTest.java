package dev.retune.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kube.KubeClient;
import dev.retune.kube.KubeConfig;
import dev.retune.kube.Tree;
import dev.retune.sandbox.Api.Answer;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IdentityTest {
  private static final String WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

  @RegisterExtension static final Fixture FIXTURE = Fixture.start();
  private final Api api = FIXTURE.api();

  @Test
  @DisplayName("the client certificate says who asks: common name and organizations")
  void certificate() throws Exception {
    Path file =
        FIXTURE
            .sandbox()
            .kubeconfig("system:node:n\u00fcrnberg, east", List.of("system:nodes", "a+b"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    KubeConfig config = KubeConfig.load(file, Optional.empty());
    try (KubeClient client = new KubeClient(config, Duration.ofSeconds(5), Duration.ofSeconds(5))) {
      Map<String, ?> review = client.create(WHO, Map.of());
      assertThat(Tree.string(review, "status", "userInfo", "username"))
          .contains("system:node:n\u00fcrnberg, east");
      assertThat(Tree.list(review, "status", "userInfo", "groups"))
          .isEqualTo(List.of("system:nodes", "a+b", "system:authenticated"));
    }
  }

  @Test
  @DisplayName("who shows neither certificate nor token is refused, everywhere")
  void anonymous() throws Exception {
    for (String path : List.of("/version", "/api/v1/nodes", "/healthz")) {
      Answer answer = api.request(api.anonymous(path), "");
      assertThat(answer.code()).isEqualTo(401);
      assertThat(answer.reason()).isEqualTo("Unauthorized");
    }
    Answer wrong =
        api.request(api.anonymous("/version").header("Authorization", "Bearer guessed"), "");
    assertThat(wrong.code()).isEqualTo(401);
  }

  @Test
  @DisplayName("a token is a user, and a master can act as another")
  void tokens() throws Exception {
    assertThat(api.post(WHO, "{}").body().at("/status/userInfo/username").asText())
        .isEqualTo("tester");
    FIXTURE.sandbox().token("weak", "nobody", List.of());
    Answer refused =
        api.request(
            api.anonymous("/version")
                .header("Authorization", "Bearer weak")
                .header("Impersonate-User", "tester"),
            "");
    assertThat(refused.code()).isEqualTo(403);
  }

  @Test
  @DisplayName("who may impersonate a user may be nobody else, and not in a group of choice")
  void impersonation() throws Exception {
    FIXTURE
        .sandbox()
        .apply(
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: acts-as-tom}
            rules: [{verbs: [impersonate], apiGroups: [""], resources: [users], resourceNames: [tom]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: acts-as-tom}
            roleRef: {kind: ClusterRole, name: acts-as-tom}
            subjects: [{kind: User, name: ann}]
            """);
    FIXTURE.sandbox().token("anns", "ann", List.of());
    assertThat(as("anns", "tom", "").body().at("/status/userInfo/username").asText())
        .isEqualTo("tom");
    assertThat(as("anns", "tim", "").message())
        .isEqualTo(
            "users \"tim\" is forbidden: User \"ann\" cannot impersonate resource \"users\" in API"
                + " group \"\" at the cluster scope");
    assertThat(as("anns", "tom", "system:masters").message())
        .startsWith("groups \"system:masters\" is forbidden: ");
  }

  private Answer as(String token, String user, String group) throws Exception {
    var request =
        api.anonymous(WHO)
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .header("Authorization", "Bearer " + token)
            .header("Impersonate-User", user);
    if (!group.isEmpty()) {
      request.header("Impersonate-Group", group);
    }
    return api.request(request, "application/json");
  }
}
