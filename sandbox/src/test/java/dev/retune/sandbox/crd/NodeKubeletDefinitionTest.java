package dev.retune.sandbox.crd;

import static dev.retune.sandbox.crd.Documents.complaints;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The definition that is installed, enforced with no webhook. */
class NodeKubeletDefinitionTest {
  private static final CustomResource KIND =
      CustomResource.compile(
          Documents.file(
              Path.of(
                  System.getProperty("retune.root", ".."),
                  "deploy/crds/retune.dev_nodekubelets.yaml")));

  private static ObjectNode assigned(String configSource) {
    return Documents.yaml(
        """
        apiVersion: retune.dev/v1alpha1
        kind: NodeKubelet
        metadata: {name: n1}
        spec: {configSource: %s}
        """
            .formatted(configSource));
  }

  private static final String GOOD =
      "namespace: kube-system, name: cfg-1, kubeletConfigKey: kubelet";

  @Test
  @DisplayName("API-1 a config source without a reference is refused")
  void exactlyOneSource() {
    assertThat(complaints(KIND, assigned("{}")))
        .containsExactly(
            "spec.configSource: Invalid value: exactly one reference subfield must be non-nil");
    assertThat(complaints(KIND, assigned("{configMap: {" + GOOD + "}}"))).isEmpty();
  }

  @ParameterizedTest
  @DisplayName("API-2 name, namespace and kubeletConfigKey are each required")
  @CsvSource({"name", "namespace", "kubeletConfigKey"})
  void required(String field) {
    ObjectNode without = assigned("{configMap: {" + GOOD + "}}");
    ((ObjectNode) without.at("/spec/configSource/configMap")).remove(field);
    ObjectNode empty = assigned("{configMap: {" + GOOD + "}}");
    ((ObjectNode) empty.at("/spec/configSource/configMap")).put(field, "");
    String expected =
        "spec.configSource.configMap.%1$s: Required value: %1$s must be set".formatted(field);
    assertThat(complaints(KIND, without)).containsExactly(expected);
    assertThat(complaints(KIND, empty)).containsExactly(expected);
  }

  @ParameterizedTest
  @DisplayName("bug 19: API-3 uid and resourceVersion cannot be set in spec")
  @CsvSource({"uid", "resourceVersion"})
  void statusOnly(String field) {
    assertThat(complaints(KIND, assigned("{configMap: {%s, %s: \"1\"}}".formatted(GOOD, field))))
        .containsExactly(
            "spec.configSource.configMap.%1$s: Forbidden: %1$s must not be set in spec"
                .formatted(field));
  }

  @ParameterizedTest
  @DisplayName("API-4 names, namespaces and keys that cannot exist are refused")
  @CsvSource({
    "name, Not_A_Name",
    "name, -a",
    "namespace, a.b",
    "kubeletConfigKey, ../qux",
    "kubeletConfigKey, a/b",
    "kubeletConfigKey, ..",
  })
  void patterns(String field, String value) {
    ObjectNode object = assigned("{configMap: {" + GOOD + "}}");
    ((ObjectNode) object.at("/spec/configSource/configMap")).put(field, value);
    assertThat(complaints(KIND, object))
        .singleElement()
        .asString()
        .startsWith("spec.configSource.configMap.%s: Invalid value: ".formatted(field));
  }

  @Test
  @DisplayName("API-5 defaults are filled in and unknown fields pruned")
  void defaults() {
    ObjectNode object = assigned("{configMap: {" + GOOD + ", colour: red}}");
    Admitted admitted = KIND.admit(object, Optional.empty(), "v1alpha1", false, false);
    assertThat(admitted.unknownFields()).containsExactly("spec.configSource.configMap.colour");
    assertThat(admitted.object().path("spec").path("composition").asText()).isEqualTo("Replace");
    assertThat(admitted.object().path("spec").path("trialDuration").asText()).isEqualTo("10m");
    assertThat(admitted.object().path("spec").path("onInvalid").asText()).isEqualTo("KeepActive");
  }

  @Test
  @DisplayName("API-6 the columns, and those of -o wide")
  void columns() {
    assertThat(KIND.columns("v1alpha1"))
        .filteredOn(column -> column.priority() == 0)
        .extracting(Column::name)
        .containsExactly("Name", "Phase", "Assigned", "Active", "Last-Known-Good", "Trial", "Age");
    assertThat(KIND.columns("v1alpha1"))
        .filteredOn(column -> column.priority() > 0)
        .extracting(Column::name)
        .containsExactly("Error", "Kubelet");
  }

  @Test
  @DisplayName("API-5 a status with conditions is admitted through /status, a wrong phase is not")
  void status() {
    ObjectNode stored = assigned("{configMap: {" + GOOD + "}}");
    ObjectNode reported = stored.deepCopy();
    reported.set(
        "status",
        Documents.yaml(
            """
            phase: Good
            conditions:
            - {type: Synced, status: "True", reason: Active, message: "", lastTransitionTime: "2026-01-01T00:00:00Z"}
            """));
    Admitted admitted = KIND.admit(reported, Optional.of(stored), "v1alpha1", true, true);
    assertThat(admitted.object().at("/status/phase").asText()).isEqualTo("Good");
    ((ObjectNode) reported.get("status")).put("phase", "Fine");
    assertThatExceptionOfType(InvalidObject.class)
        .isThrownBy(() -> KIND.admit(reported, Optional.of(stored), "v1alpha1", true, true))
        .satisfies(e ->
            assertThat(e.errors().getFirst().text())
                .isEqualTo(
                    "status.phase: Unsupported value: \"Fine\": supported values: \"Local\","
                        + " \"Syncing\", \"Restarting\", \"Trial\", \"Good\", \"RolledBack\","
                        + " \"Rejected\", \"Blocked\", \"Drifted\""));
  }
}
