package dev.retune.sandbox;

import static dev.retune.sandbox.Fixture.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.Api.Answer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ObjectsTest {
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String WIDGETS = "/apis/example.org/v1/namespaces/default/widgets";

  @RegisterExtension static final Fixture FIXTURE = Fixture.start().withWidgets();
  private final Api api = FIXTURE.api();

  @Test
  @DisplayName("a new object gets uid, creation time and revision")
  void create() {
    Answer created = map(name("new"), "{a: b}");
    assertThat(created.code()).isEqualTo(201);
    ObjectNode metadata = Api.object(created.body().path("metadata"));
    assertThat(metadata.path("uid").asText()).hasSize(36);
    assertThat(metadata.path("creationTimestamp").asText()).endsWith("Z");
    assertThat(Long.parseLong(created.revision())).isPositive();
    assertThat(metadata.has("generation")).isFalse();
  }

  @Test
  @DisplayName("generateName gets five characters at its end")
  void generateName() {
    Answer created = api.post(MAPS, "{kind: ConfigMap, metadata: {generateName: gen-}}");
    assertThat(created.body().path("metadata").path("name").asText())
        .matches("gen-[bcdfghjklmnpqrstvwxz2456789]{5}");
  }

  @Test
  @DisplayName("the same name twice is AlreadyExists, no name at all is Invalid")
  void namesOfNewObjects() {
    String name = name("twice");
    map(name, "{}");
    Answer second = map(name, "{}");
    assertThat(second.code()).isEqualTo(409);
    assertThat(second.reason()).isEqualTo("AlreadyExists");
    assertThat(second.message()).isEqualTo("configmaps \"" + name + "\" already exists");
    Answer nameless = api.post(MAPS, "{kind: ConfigMap}");
    assertThat(nameless.code()).isEqualTo(422);
    assertThat(nameless.message()).contains("name or generateName is required");
    Answer wrong = api.post(MAPS, "{kind: ConfigMap, metadata: {name: UPPER}}");
    assertThat(wrong.body().path("details").path("causes").get(0).path("field").asText())
        .isEqualTo("metadata.name");
  }

  @Test
  @DisplayName("a body of another kind, namespace or name than the URL's is refused")
  void mismatches() {
    assertThat(api.post(MAPS, "{kind: Secret, metadata: {name: x}}").code()).isEqualTo(400);
    assertThat(api.post(MAPS, "{kind: ConfigMap, metadata: {name: x, namespace: other}}").code())
        .isEqualTo(400);
    ObjectNode object = Api.object(map(name("mismatch"), "{}").body());
    assertThat(api.put(MAPS + "/another", object).code()).isEqualTo(404);
    String real = object.path("metadata").path("name").asText();
    object.withObjectProperty("metadata").put("name", "another");
    assertThat(api.put(MAPS + "/" + real, object).message())
        .contains("does not match the name on the URL");
  }

  @Test
  @DisplayName("an update from an outdated revision is a Conflict")
  void conflict() {
    String name = name("conflict");
    ObjectNode old = Api.object(map(name, "{a: b}").body());
    ObjectNode fresh = old.deepCopy();
    fresh.withObjectProperty("data").put("a", "c");
    assertThat(api.put(MAPS + "/" + name, fresh).code()).isEqualTo(200);
    Answer late = api.put(MAPS + "/" + name, old);
    assertThat(late.code()).isEqualTo(409);
    assertThat(late.reason()).isEqualTo("Conflict");
    assertThat(late.message())
        .isEqualTo(
            "Operation cannot be fulfilled on configmaps \"%s\": the object has been modified; please apply your changes to the latest version and try again"
                .formatted(name));
    old.withObjectProperty("metadata").remove("resourceVersion");
    assertThat(api.put(MAPS + "/" + name, old).code()).isEqualTo(200);
  }

  @Test
  @DisplayName("a custom object cannot be replaced without its revision")
  void unconditionalUpdateOfCustomObject() {
    String name = name("uncond");
    ObjectNode widget = Api.object(widget(name).body());
    widget.withObjectProperty("metadata").remove("resourceVersion");
    Answer answer = api.put(WIDGETS + "/" + name, widget);
    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.message()).contains("metadata.resourceVersion").contains("must be specified");
  }

  @Test
  @DisplayName("an update that changes nothing keeps the revision")
  void noChange() {
    String name = name("same");
    Answer created = map(name, "{a: b}");
    assertThat(api.put(MAPS + "/" + name, created.body()).revision()).isEqualTo(created.revision());
  }

  @Test
  @DisplayName("spec and status do not touch each other, and only spec counts generations")
  void statusSubresource() {
    String name = name("status");
    Answer created =
        api.post(
            WIDGETS,
            "{kind: Widget, metadata: {name: %s}, spec: {color: red}, status: {phase: Early}}"
                .formatted(name));
    assertThat(created.body().has("status")).isFalse();
    assertThat(generation(created)).isEqualTo(1);

    Answer status =
        api.patch(
            WIDGETS + "/" + name + "/status",
            Api.MERGE,
            """
            {"spec":{"color":"blue"},"status":{"phase":"Good"},"metadata":{"labels":{"x":"y"}}}
            """);
    assertThat(status.body().at("/spec/color").asText()).isEqualTo("red");
    assertThat(status.body().at("/status/phase").asText()).isEqualTo("Good");
    assertThat(status.body().at("/metadata/labels").isMissingNode()).isTrue();
    assertThat(generation(status)).isEqualTo(1);

    Answer spec =
        api.patch(
            WIDGETS + "/" + name,
            Api.MERGE,
            "{\"spec\":{\"color\":\"blue\"},\"status\":{\"phase\":\"Bad\"}}");
    assertThat(spec.body().at("/spec/color").asText()).isEqualTo("blue");
    assertThat(spec.body().at("/status/phase").asText()).isEqualTo("Good");
    assertThat(generation(spec)).isEqualTo(2);

    Answer label =
        api.patch(WIDGETS + "/" + name, Api.MERGE, "{\"metadata\":{\"labels\":{\"x\":\"y\"}}}");
    assertThat(generation(label)).isEqualTo(2);
  }

  @Test
  @DisplayName("what the server owns in metadata cannot be changed")
  void serverOwned() {
    String name = name("owned");
    Answer created = widget(name);
    Answer patched =
        api.patch(
            WIDGETS + "/" + name,
            Api.MERGE,
            """
            {"metadata":{"creationTimestamp":"2001-01-01T00:00:00Z","generation":99,
             "deletionTimestamp":"2001-01-01T00:00:00Z"}}
            """);
    assertThat(patched.body().path("metadata")).isEqualTo(created.body().path("metadata"));
  }

  @Test
  @DisplayName("a uid or revision inside a patch is a precondition")
  void preconditionsInPatches() {
    String name = name("precondition");
    map(name, "{a: b}");
    Answer uid = api.patch(MAPS + "/" + name, Api.MERGE, "{\"metadata\":{\"uid\":\"another\"}}");
    assertThat(uid.code()).isEqualTo(409);
    Answer revision =
        api.patch(MAPS + "/" + name, Api.MERGE, "{\"metadata\":{\"resourceVersion\":\"1\"}}");
    assertThat(revision.code()).isEqualTo(409);
  }

  @Test
  @DisplayName("dryRun=All answers as if and stores nothing")
  void dryRun() {
    String name = name("dry");
    String body = "{kind: ConfigMap, metadata: {name: %s}, data: {a: b}}".formatted(name);
    assertThat(api.post(MAPS + "?dryRun=All", body).code()).isEqualTo(201);
    assertThat(api.get(MAPS + "/" + name).code()).isEqualTo(404);
    Answer created = api.post(MAPS, body);
    Answer patched =
        api.patch(MAPS + "/" + name + "?dryRun=All", Api.MERGE, "{\"data\":{\"a\":\"c\"}}");
    assertThat(patched.body().at("/data/a").asText()).isEqualTo("c");
    assertThat(api.delete(MAPS + "/" + name + "?dryRun=All").code()).isEqualTo(200);
    assertThat(api.get(MAPS + "/" + name).body()).isEqualTo(created.body());
    assertThat(api.post(MAPS + "?dryRun=Some", body).code()).isEqualTo(422);
  }

  @Test
  @DisplayName("an immutable ConfigMap keeps its data and stays immutable; its labels may change")
  void immutable() {
    String path = MAPS + "/" + name("immutable");
    api.post(
        MAPS,
        "{kind: ConfigMap, metadata: {name: %s}, immutable: true, data: {a: b}}"
            .formatted(path.substring(MAPS.length() + 1)));
    Answer data = api.patch(path, Api.MERGE, "{\"data\":{\"a\":\"c\"}}");
    assertThat(data.code()).isEqualTo(422);
    assertThat(data.message())
        .endsWith("data: Forbidden: field is immutable when `immutable` is set");
    assertThat(api.patch(path, Api.MERGE, "{\"immutable\":null}").message())
        .endsWith("immutable: Forbidden: field is immutable when `immutable` is set");
    assertThat(api.patch(path, Api.MERGE, "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}").code())
        .isEqualTo(200);
  }

  @Test
  @DisplayName("a ConfigMap holds 1 MiB and not a byte more, under keys that can be file names")
  void configMapLimits() {
    String exact = "x".repeat(1024 * 1024);
    String body = "{\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"},\"data\":{\"k\":\"%s\"}}";
    assertThat(
            api.send("POST", MAPS, "application/json", body.formatted(name("big"), exact)).code())
        .isEqualTo(201);
    Answer more =
        api.send("POST", MAPS, "application/json", body.formatted(name("big"), exact + "x"));
    assertThat(more.code()).isEqualTo(422);
    assertThat(more.message()).contains("1048576");
    assertThat(map(name("key"), "{../qux: b}").message()).contains("data[../qux]");
    assertThat(map(name("number"), "{a: 1}").code()).isEqualTo(400);
    String huge = "x".repeat(3 * 1024 * 1024);
    assertThat(api.send("POST", MAPS, "application/json", body.formatted("huge", huge)).code())
        .isEqualTo(413);
  }

  @Test
  @DisplayName("paths, methods and formats that do not exist have their own answers")
  void unknown() {
    assertThat(api.get("/apis/example.org/v1/gadgets").code()).isEqualTo(404);
    assertThat(api.get("/api/v1/configmaps/x").code()).isEqualTo(404);
    assertThat(api.get(MAPS + "/nowhere").message()).isEqualTo("configmaps \"nowhere\" not found");
    assertThat(api.post(MAPS + "/x", "{}").code()).isEqualTo(405);
    assertThat(api.send("POST", MAPS, "text/plain", "x").code()).isEqualTo(415);
    assertThat(api.send("POST", MAPS, "application/json", "{").code()).isEqualTo(400);
    assertThat(api.post("/api/v1/namespaces/nowhere/configmaps", "{metadata: {name: x}}").message())
        .isEqualTo("namespaces \"nowhere\" not found");
    assertThat(api.patch(WIDGETS + "/x", "application/strategic-merge-patch+json", "{}").code())
        .isEqualTo(415);
  }

  @Test
  @DisplayName("an Event is the same object in core/v1 and events.k8s.io/v1")
  void events() {
    String name = name("event");
    api.post(
        "/api/v1/namespaces/default/events",
        """
        {kind: Event, metadata: {name: %s}, reason: Tried, message: a note, count: 2,
         involvedObject: {kind: Node, name: n1}, type: Normal}
        """
            .formatted(name));
    Answer other = api.get("/apis/events.k8s.io/v1/namespaces/default/events/" + name);
    assertThat(other.body().path("note").asText()).isEqualTo("a note");
    assertThat(other.body().at("/regarding/name").asText()).isEqualTo("n1");
    assertThat(other.body().path("deprecatedCount").asInt()).isEqualTo(2);
    assertThat(other.body().path("apiVersion").asText()).isEqualTo("events.k8s.io/v1");
    assertThat(
            api.get("/api/v1/events?fieldSelector=involvedObject.name%3Dn1,reason%3DTried")
                .body()
                .path("items"))
        .hasSize(1);
  }

  private Answer map(String name, String data) {
    return api.post(
        MAPS, "{kind: ConfigMap, metadata: {name: %s}, data: %s}".formatted(name, data));
  }

  private Answer widget(String name) {
    return api.post(
        WIDGETS, "{kind: Widget, metadata: {name: %s}, spec: {color: red}}".formatted(name));
  }

  private static int generation(Answer answer) {
    return answer.body().path("metadata").path("generation").asInt();
  }
}
