package dev.retune.sandbox.patch;

import static dev.retune.sandbox.patch.Documents.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ServerSideApplyTest {
  private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");

  private static ObjectNode apply(Optional<ObjectNode> live, String config, String manager) {
    return apply(live, config, manager, false);
  }

  private static ObjectNode apply(
      Optional<ObjectNode> live, String config, String manager, boolean force) {
    ObjectNode applied = object(config);
    return Patches.apply(
        live, applied, new Writer(manager, ""), force, Patches.builtInShape(applied), NOW);
  }

  private static ObjectNode update(Optional<ObjectNode> live, ObjectNode updated, String manager) {
    return Patches.trackUpdate(
        live, updated, new Writer(manager, ""), Patches.builtInShape(updated), THEN);
  }

  private static String configMap(String data) {
    return "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'a'},'data':" + data + "}";
  }

  private static JsonNode fields(ObjectNode object, String manager) {
    for (JsonNode entry : object.at("/metadata/managedFields")) {
      if (entry.path("manager").asText().equals(manager)) {
        return entry.path("fieldsV1");
      }
    }
    return object("{}");
  }

  @Test
  @DisplayName("SSA the first apply creates the object and owns what it says")
  void creates() {
    ObjectNode created = apply(Optional.empty(), configMap("{'x':'1'}"), "one");
    assertThat(created.path("data")).isEqualTo(object("{'x':'1'}"));
    assertThat(created.at("/metadata/managedFields"))
        .isEqualTo(
            Documents.json(
                """
                [{'manager':'one','operation':'Apply','apiVersion':'v1','time':'2026-01-01T00:01:00Z',
                  'fieldsType':'FieldsV1','fieldsV1':{'f:data':{'f:x':{}}}}]
                """));
  }

  @Test
  @DisplayName("SSA a field that its only owner no longer applies is removed")
  void removes() {
    ObjectNode first = apply(Optional.empty(), configMap("{'x':'1','y':'2'}"), "one");
    ObjectNode second = apply(Optional.of(first), configMap("{'x':'1'}"), "one");
    assertThat(second.path("data")).isEqualTo(object("{'x':'1'}"));
    assertThat(fields(second, "one")).isEqualTo(object("{'f:data':{'f:x':{}}}"));
  }

  @Test
  @DisplayName("SSA a field with a second owner stays when the first no longer applies it")
  void shared() {
    ObjectNode one = apply(Optional.empty(), configMap("{'x':'1','y':'2'}"), "one");
    ObjectNode two = apply(Optional.of(one), configMap("{'y':'2'}"), "two");
    ObjectNode three = apply(Optional.of(two), configMap("{'x':'1'}"), "one");
    assertThat(three.path("data")).isEqualTo(object("{'x':'1','y':'2'}"));
    assertThat(fields(three, "one")).isEqualTo(object("{'f:data':{'f:x':{}}}"));
    assertThat(fields(three, "two")).isEqualTo(object("{'f:data':{'f:y':{}}}"));
  }

  @Test
  @DisplayName("SSA another value for another's field is a conflict that names the owner and field")
  void conflict() {
    ObjectNode one = apply(Optional.empty(), configMap("{'x':'1','y':'1'}"), "one");
    assertThatExceptionOfType(ApplyConflict.class)
        .isThrownBy(() -> apply(Optional.of(one), configMap("{'x':'2'}"), "two"))
        .withMessage("Apply failed with 1 conflict: conflict with \"one\": .data.x")
        .satisfies(e ->
            assertThat(e.causes()).containsExactly(new ApplyConflict.Cause("\"one\"", ".data.x")));
    assertThatExceptionOfType(ApplyConflict.class)
        .isThrownBy(() -> apply(Optional.of(one), configMap("{'x':'2','y':'2'}"), "two"))
        .withMessage(
            "Apply failed with 2 conflicts: conflicts with \"one\":\n- .data.x\n- .data.y");
  }

  @Test
  @DisplayName("SSA force takes the field from its owner")
  void force() {
    ObjectNode one = apply(Optional.empty(), configMap("{'x':'1','y':'1'}"), "one");
    ObjectNode two = apply(Optional.of(one), configMap("{'x':'2'}"), "two", true);
    assertThat(two.path("data")).isEqualTo(object("{'x':'2','y':'1'}"));
    assertThat(fields(two, "one")).isEqualTo(object("{'f:data':{'f:y':{}}}"));
    assertThat(fields(two, "two")).isEqualTo(object("{'f:data':{'f:x':{}}}"));
  }

  @Test
  @DisplayName("SSA an update owns what it adds or changes, and conflicts name it with its version")
  void afterUpdate() {
    ObjectNode created = update(Optional.empty(), object(configMap("{'x':'1'}")), "kubectl-create");
    assertThat(fields(created, "kubectl-create")).isEqualTo(object("{'f:data':{'.':{},'f:x':{}}}"));
    assertThatExceptionOfType(ApplyConflict.class)
        .isThrownBy(() -> apply(Optional.of(created), configMap("{'x':'2'}"), "one"))
        .withMessage(
            "Apply failed with 1 conflict: conflict with \"kubectl-create\" using v1: .data.x");
    ObjectNode same = apply(Optional.of(created), configMap("{'x':'1','y':'2'}"), "one");
    assertThat(fields(same, "one")).isEqualTo(object("{'f:data':{'f:x':{},'f:y':{}}}"));
    ObjectNode gone = apply(Optional.of(same), configMap("{'y':'2'}"), "one");
    assertThat(gone.path("data")).isEqualTo(object("{'x':'1','y':'2'}"));
  }

  @Test
  @DisplayName("SSA an object without managed fields belongs to before-first-apply")
  void beforeFirstApply() {
    ObjectNode old = object(configMap("{'x':'1'}"));
    assertThatExceptionOfType(ApplyConflict.class)
        .isThrownBy(() -> apply(Optional.of(old), configMap("{'x':'2'}"), "one"))
        .withMessage(
            "Apply failed with 1 conflict: conflict with \"before-first-apply\" using v1: .data.x");
  }

  @Test
  @DisplayName("SSA kubectl does not conflict with what it applied on the client's side before")
  void fromClientSide() {
    String annotation = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"data\":{\"x\":\"1\"}}";
    ObjectNode live = object(configMap("{'x':'1','z':'1'}"));
    live.withObjectProperty("metadata")
        .putObject("annotations")
        .put("kubectl.kubernetes.io/last-applied-configuration", annotation);
    ObjectNode tracked = update(Optional.empty(), live, "kubectl-client-side-apply");
    assertThat(
            apply(Optional.of(tracked), configMap("{'x':'2'}"), "kubectl").at("/data/x").asText())
        .isEqualTo("2");
    assertThatExceptionOfType(ApplyConflict.class)
        .isThrownBy(() -> apply(Optional.of(tracked), configMap("{'z':'2'}"), "kubectl"));
  }

  private static String pod(String spec) {
    return "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p'},'spec':" + spec + "}";
  }

  @Test
  @DisplayName("SSA containers are owned by name, ports by port and protocol")
  void keyedLists() {
    ObjectNode one =
        apply(
            Optional.empty(),
            pod("{'containers':[{'name':'a','image':'x','ports':[{'containerPort':80}]}]}"),
            "one");
    assertThat(fields(one, "one"))
        .isEqualTo(
            Documents.json(
                """
                {"f:spec":{"f:containers":{"k:{\\"name\\":\\"a\\"}":{".":{},"f:name":{},"f:image":{},
                 "f:ports":{"k:{\\"containerPort\\":80,\\"protocol\\":\\"TCP\\"}":{".":{},"f:containerPort":{}}}}}}}
                """));
    ObjectNode two =
        apply(Optional.of(one), pod("{'containers':[{'name':'b','image':'y'}]}"), "two");
    assertThat(two.at("/spec/containers"))
        .extracting(container -> container.path("name").asText())
        .containsExactly("a", "b");
    assertThatExceptionOfType(ApplyConflict.class)
        .isThrownBy(
            () -> apply(Optional.of(two), pod("{'containers':[{'name':'a','image':'z'}]}"), "two"))
        .withMessage(
            "Apply failed with 1 conflict: conflict with \"one\":"
                + " .spec.containers[name=\"a\"].image");
    ObjectNode three = apply(Optional.of(two), pod("{'containers':[]}"), "one");
    assertThat(three.at("/spec/containers"))
        .extracting(container -> container.path("name").asText())
        .containsExactly("b");
  }

  @Test
  @DisplayName("SSA lists without keys are owned as one, sets by value")
  void atomicListsAndSets() {
    ObjectNode one =
        apply(
            Optional.empty(),
            pod("{'tolerations':[{'key':'a'}],'containers':[{'name':'a','args':['1']}]}"),
            "one");
    assertThat(fields(one, "one").at("/f:spec/f:tolerations")).isEqualTo(object("{}"));
    assertThatExceptionOfType(ApplyConflict.class)
        .isThrownBy(() -> apply(Optional.of(one), pod("{'tolerations':[{'key':'b'}]}"), "two"))
        .withMessageEndingWith(".spec.tolerations");
    String finalizers =
        "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','finalizers':['%s']}}";
    ObjectNode two = apply(Optional.of(one), finalizers.formatted("x.io/two"), "two");
    ObjectNode three = apply(Optional.of(two), finalizers.formatted("x.io/three"), "three");
    assertThat(three.at("/metadata/finalizers"))
        .isEqualTo(Documents.json("['x.io/two','x.io/three']"));
    assertThat(fields(three, "three"))
        .isEqualTo(
            Documents.json(
                """
                {"f:metadata":{"f:finalizers":{"v:\\"x.io/three\\"":{}}}}
                """));
  }

  @Test
  @DisplayName("SSA names and bookkeeping have no owner; labels do")
  void unowned() {
    ObjectNode created =
        apply(
            Optional.empty(),
            """
            {'apiVersion':'v1','kind':'ConfigMap',
             'metadata':{'name':'a','namespace':'b','uid':'1','resourceVersion':'7','labels':{'l':'1'}}}
            """,
            "one");
    assertThat(fields(created, "one")).isEqualTo(object("{'f:metadata':{'f:labels':{'f:l':{}}}}"));
  }

  @Test
  @DisplayName("SSA status belongs to those who write /status")
  void status() {
    ObjectNode node =
        object(
            """
            {'apiVersion':'v1','kind':'Node','metadata':{'name':'n'},'spec':{'unschedulable':true},
             'status':{'conditions':[{'type':'Ready','status':'True'}]}}
            """);
    ObjectNode created = update(Optional.empty(), node, "kubectl");
    assertThat(fields(created, "kubectl"))
        .isEqualTo(object("{'f:spec':{'.':{},'f:unschedulable':{}}}"));
    ObjectNode changed = created.deepCopy();
    ((ObjectNode) changed.at("/status/conditions/0")).put("status", "False");
    ((ObjectNode) changed.at("/spec")).put("unschedulable", false);
    ObjectNode reported =
        Patches.trackUpdate(
            Optional.of(created),
            changed,
            new Writer("kubelet", "status"),
            Patches.builtInShape(node),
            NOW);
    assertThat(fields(reported, "kubelet").has("f:spec")).isFalse();
    assertThat(fields(reported, "kubelet").path("f:status").toString())
        .contains("f:conditions", "f:status");
  }

  @Test
  @DisplayName("SSA an entry keeps its time until its fields change")
  void times() {
    ObjectNode created = update(Optional.empty(), object(configMap("{'x':'1'}")), "first");
    ObjectNode changed = created.deepCopy();
    ((ObjectNode) changed.get("data")).put("y", "2");
    ObjectNode tracked =
        Patches.trackUpdate(
            Optional.of(created),
            changed,
            new Writer("second", ""),
            Patches.builtInShape(changed),
            NOW);
    assertThat(tracked.at("/metadata/managedFields/0/time").asText())
        .isEqualTo("2026-01-01T00:00:00Z");
    assertThat(tracked.at("/metadata/managedFields/1/time").asText())
        .isEqualTo("2026-01-01T00:01:00Z");
  }

  @Test
  @DisplayName("SSA an update may give the entries itself, and clear them with one empty entry")
  void claimed() {
    ObjectNode created = update(Optional.empty(), object(configMap("{'x':'1'}")), "first");
    ObjectNode moved = created.deepCopy();
    ((ObjectNode) moved.at("/metadata/managedFields/0")).put("manager", "other");
    assertThat(update(Optional.of(created), moved, "third").at("/metadata/managedFields"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.path("manager").asText()).isEqualTo("other"));
    ObjectNode cleared = created.deepCopy();
    ((ObjectNode) cleared.get("metadata")).putArray("managedFields").addObject();
    assertThat(update(Optional.of(created), cleared, "third").at("/metadata").has("managedFields"))
        .isFalse();
  }

  @Test
  @DisplayName("SSA a configuration that cannot be applied is refused")
  void refused() {
    assertThatExceptionOfType(PatchRejected.class)
        .isThrownBy(
            () -> apply(Optional.empty(), pod("{'containers':[{'name':'a'},{'name':'a'}]}"), "one"))
        .withMessage("duplicate entries for key [name=\"a\"]");
    assertThatExceptionOfType(PatchRejected.class)
        .isThrownBy(() -> apply(Optional.empty(), pod("{'containers':[{'image':'a'}]}"), "one"))
        .withMessage(
            "associative list with keys has an element that omits key field name: {\"image\":\"a\"}");
    assertThatExceptionOfType(PatchRejected.class)
        .isThrownBy(() -> apply(Optional.empty(), "{'kind':'ConfigMap'}", "one"));
    assertThatExceptionOfType(PatchRejected.class)
        .isThrownBy(() ->
            apply(
                Optional.empty(),
                "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'managedFields':[{}]}}",
                "one"))
        .withMessage("metadata.managedFields must be nil");
  }
}
