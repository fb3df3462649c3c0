package dev.retune.sandbox.crd;

import static dev.retune.sandbox.crd.Documents.complaints;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The definition that is installed, enforced with no webhook. */
class KubeletRolloutDefinitionTest {
  private static final CustomResource KIND =
      CustomResource.compile(
          Documents.file(
              Path.of(
                  System.getProperty("retune.root", ".."),
                  "deploy/crds/retune.dev_kubeletrollouts.yaml")));

  private static ObjectNode rollout(String more) {
    return Documents.yaml(
        """
        apiVersion: retune.dev/v1alpha1
        kind: KubeletRollout
        metadata: {name: r1}
        spec:
          nodeSelector: {matchLabels: {pool: workers}}
          configSource:
            configMap: {namespace: kube-system, name: cfg-1, kubeletConfigKey: kubelet}
          %s
        """
            .formatted(more));
  }

  @Test
  @DisplayName("API a rollout says at least what and where")
  void least() {
    assertThat(complaints(KIND, rollout(""))).isEmpty();
    assertThat(
            complaints(
                KIND,
                Documents.yaml(
                    "{apiVersion: retune.dev/v1alpha1, kind: KubeletRollout, metadata: {name: r},"
                        + " spec: {}}")))
        .contains("spec.configSource: Required value", "spec.nodeSelector: Required value");
  }

  @ParameterizedTest
  @DisplayName("API what a strategy cannot be is refused with the field and what it can be")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          strategy: {maxUnavailable: 10%} |
          strategy: {maxUnavailable: 3, waves: [1, 10%, 100%]} |
          strategy: {maxUnavailable: ten} | spec.strategy.maxUnavailable
          strategy: {maxUnavailable: 101%} | spec.strategy.maxUnavailable
          strategy: {canary: {nodes: -1}} | spec.strategy.canary.nodes
          strategy: {waves: [1, 200%]} | spec.strategy.waves[1]
          strategy: {maxFailures: -1} | spec.strategy.maxFailures
          strategy: {window: {start: '22:30', end: '06:00'}} |
          strategy: {window: {start: '24:30', end: '06:00'}} | spec.strategy.window.start
          strategy: {window: {start: '06:00', end: '06:00'}} | spec.strategy.window.end
          strategy: {window: {start: '06:00', end: '07:00', days: [Monday]}} | spec.strategy.window.days[0]
          allow: [RestartOnly, Everything] | spec.allow[1]
          drain: Sometimes | spec.drain
          ttl: 2 hours | spec.ttl
          ttl: 2h |
          """)
  void strategies(String more, String field) {
    var complaints = complaints(KIND, rollout(more));
    if (field == null) {
      assertThat(complaints).isEmpty();
    } else {
      assertThat(complaints).first().asString().startsWith(field + ":");
    }
  }
}
