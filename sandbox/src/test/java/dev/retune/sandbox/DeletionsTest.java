package dev.retune.sandbox;

import static dev.retune.sandbox.Fixture.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.retune.sandbox.Api.Answer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeletionsTest {
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  @RegisterExtension static final Fixture FIXTURE = Fixture.start();
  private final Api api = FIXTURE.api();

  @Test
  @DisplayName("a deletion answers with a Status that names what is gone")
  void gone() {
    String name = name("gone");
    Answer created = create(name, "");
    Answer deleted = api.delete(MAPS + "/" + name);
    assertThat(deleted.code()).isEqualTo(200);
    assertThat(deleted.body().path("status").asText()).isEqualTo("Success");
    assertThat(deleted.body().at("/details/uid").asText()).isEqualTo(uid(created));
    assertThat(api.delete(MAPS + "/" + name).code()).isEqualTo(404);
  }

  @Test
  @DisplayName("finalizers hold an object until the last is taken away; none can be added")
  void finalizers() {
    String path = MAPS + "/" + name("held");
    create(path.substring(MAPS.length() + 1), "finalizers: [example.org/a, example.org/b]");
    Answer deleting = api.delete(path);
    assertThat(deleting.body().path("metadata").has("deletionTimestamp")).isTrue();
    Answer again = api.delete(path);
    assertThat(again.revision()).isEqualTo(deleting.revision());
    assertThat(
            api.patch(
                    path,
                    Api.MERGE,
                    "{\"metadata\":{\"finalizers\":[\"example.org/a\",\"example.org/c\"]}}")
                .code())
        .isEqualTo(422);
    assertThat(
            api.patch(path, Api.MERGE, "{\"metadata\":{\"finalizers\":[\"example.org/b\"]}}")
                .code())
        .isEqualTo(200);
    assertThat(api.get(path).code()).isEqualTo(200);
    api.patch(path, Api.MERGE, "{\"metadata\":{\"finalizers\":null}}");
    assertThat(api.get(path).code()).isEqualTo(404);
  }

  @Test
  @DisplayName("preconditions of uid and revision are kept")
  void preconditions() {
    String path = MAPS + "/" + name("pre");
    Answer created = create(path.substring(MAPS.length() + 1), "");
    Answer refused = api.delete(path, "{\"preconditions\":{\"uid\":\"another\"}}");
    assertThat(refused.code()).isEqualTo(409);
    assertThat(refused.message()).contains("Precondition failed: UID in precondition: another");
    assertThat(api.delete(path, "{\"preconditions\":{\"resourceVersion\":\"1\"}}").code())
        .isEqualTo(409);
    assertThat(
            api.delete(path, "{\"preconditions\":{\"uid\":\"%s\"}}".formatted(uid(created))).code())
        .isEqualTo(200);
  }

  @Test
  @DisplayName("dependents go after their last owner")
  void background() {
    String owner = name("owner");
    String other = name("owner");
    Answer first = create(owner, "");
    Answer second = create(other, "");
    String dependent = MAPS + "/" + name("dependent");
    create(
        dependent.substring(MAPS.length() + 1),
        "ownerReferences: [%s, %s]".formatted(reference(first), reference(second)));
    api.delete(MAPS + "/" + owner);
    String sentinel = MAPS + "/" + name("sentinel");
    create(
        sentinel.substring(MAPS.length() + 1), "ownerReferences: [%s]".formatted(reference(first)));
    await().until(() -> api.get(sentinel).code() == 404);
    assertThat(api.get(dependent).code()).isEqualTo(200);
    api.delete(MAPS + "/" + other);
    await().until(() -> api.get(dependent).code() == 404);
  }

  @Test
  @DisplayName("with Foreground the owner waits for its dependents")
  void foreground() {
    String owner = MAPS + "/" + name("owner");
    Answer created = create(owner.substring(MAPS.length() + 1), "");
    String dependent = MAPS + "/" + name("dependent");
    create(
        dependent.substring(MAPS.length() + 1),
        "finalizers: [example.org/a], ownerReferences: [%s]".formatted(reference(created)));
    api.delete(owner, "{\"propagationPolicy\":\"Foreground\"}");
    await().until(() -> api.get(dependent).body().path("metadata").has("deletionTimestamp"));
    assertThat(api.get(owner).body().at("/metadata/finalizers/0").asText())
        .isEqualTo("foregroundDeletion");
    api.patch(dependent, Api.MERGE, "{\"metadata\":{\"finalizers\":null}}");
    await().until(() -> api.get(owner).code() == 404);
  }

  @Test
  @DisplayName("with Orphan the dependents stay and forget their owner")
  void orphan() {
    String owner = MAPS + "/" + name("owner");
    Answer created = create(owner.substring(MAPS.length() + 1), "");
    String dependent = MAPS + "/" + name("dependent");
    create(
        dependent.substring(MAPS.length() + 1),
        "ownerReferences: [%s]".formatted(reference(created)));
    api.delete(owner, "{\"propagationPolicy\":\"Orphan\"}");
    await().until(() -> api.get(owner).code() == 404);
    assertThat(api.get(dependent).body().path("metadata").has("ownerReferences")).isFalse();
  }

  @Test
  @DisplayName("a namespace goes when everything in it is gone, and takes nothing new meanwhile")
  void namespace() {
    String name = name("space");
    api.post("/api/v1/namespaces", "{metadata: {name: %s}}".formatted(name));
    String maps = "/api/v1/namespaces/" + name + "/configmaps";
    api.post(maps, "{metadata: {name: plain}}");
    api.post(maps, "{metadata: {name: held, finalizers: [example.org/a]}}");
    Answer deleting = api.delete("/api/v1/namespaces/" + name);
    assertThat(deleting.body().at("/status/phase").asText()).isEqualTo("Terminating");
    await().until(() -> api.get(maps + "/plain").code() == 404);
    Answer late = api.post(maps, "{metadata: {name: late}}");
    assertThat(late.code()).isEqualTo(403);
    assertThat(late.message()).contains("because it is being terminated");
    api.patch(maps + "/held", Api.MERGE, "{\"metadata\":{\"finalizers\":null}}");
    await().until(() -> api.get("/api/v1/namespaces/" + name).code() == 404);
    assertThat(api.delete("/api/v1/namespaces/kube-system").code()).isEqualTo(403);
  }

  @Test
  @DisplayName("a CustomResourceDefinition takes its objects and its paths with it")
  void definition() {
    FIXTURE.withWidgets();
    String widgets = "/apis/example.org/v1/namespaces/default/widgets";
    api.post(widgets, "{metadata: {name: held, finalizers: [example.org/a]}, spec: {color: red}}");
    String crd = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.org";
    api.delete(crd);
    await()
        .until(() -> api.get(widgets + "/held").body().path("metadata").has("deletionTimestamp"));
    assertThat(api.get(crd).code()).isEqualTo(200);
    api.patch(widgets + "/held", Api.MERGE, "{\"metadata\":{\"finalizers\":null}}");
    await().until(() -> api.get(crd).code() == 404);
    assertThat(api.get(widgets).code()).isEqualTo(404);
  }

  @Test
  @DisplayName("a collection is deleted by its selector")
  void collection() {
    create("c1", "labels: {group: one}");
    create("c2", "labels: {group: one}");
    create("c3", "labels: {group: two}");
    Answer deleted = api.delete(MAPS + "?labelSelector=group%3Done");
    assertThat(deleted.body().path("items")).hasSize(2);
    assertThat(api.get(MAPS + "/c1").code()).isEqualTo(404);
    assertThat(api.get(MAPS + "/c3").code()).isEqualTo(200);
  }

  private Answer create(String name, String metadata) {
    String more = metadata.isEmpty() ? "" : ", " + metadata;
    return api.post(MAPS, "{kind: ConfigMap, metadata: {name: %s%s}}".formatted(name, more));
  }

  private static String reference(Answer owner) {
    return "{apiVersion: v1, kind: ConfigMap, name: %s, uid: %s, blockOwnerDeletion: true}"
        .formatted(owner.body().at("/metadata/name").asText(), uid(owner));
  }

  private static String uid(Answer answer) {
    return answer.body().at("/metadata/uid").asText();
  }
}
