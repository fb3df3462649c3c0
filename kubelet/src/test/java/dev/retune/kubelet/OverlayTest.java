package dev.retune.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retune.kubelet.document.UnreadableException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OverlayTest {

  private static final String HEADER =
      "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

  private static byte[] document(String fields) {
    return (HEADER + fields).getBytes(StandardCharsets.UTF_8);
  }

  private static String merged(String base, String over) throws UnreadableException {
    return new String(
        Overlay.merge(document(base), document(over), KubeletVersion.newest()),
        StandardCharsets.UTF_8);
  }

  private static Map<String, @Nullable Object> effective(String base, String over)
      throws UnreadableException {
    return KubeletConfig.judge(
            Overlay.merge(document(base), document(over), KubeletVersion.newest()),
            KubeletVersion.newest())
        .effective();
  }

  @Test
  @DisplayName("AGENT-9 Maps are merged per key, lists are replaced, null takes a key away")
  void merge() throws UnreadableException {
    Map<String, @Nullable Object> effective =
        effective(
            """
            evictionHard: {memory.available: 100Mi, nodefs.available: 10%}
            clusterDNS: [10.0.0.1, 10.0.0.2]
            maxPods: 50
            syncFrequency: 5m
            """,
            """
            evictionHard: {memory.available: 500Mi}
            clusterDNS: [10.0.0.3]
            maxPods: null
            """);

    assertThat(effective)
        .containsEntry(
            "evictionHard", Map.of("memory.available", "500Mi", "nodefs.available", "10%"))
        .containsEntry("clusterDNS", List.of("10.0.0.3"))
        .containsEntry("maxPods", 110L)
        .containsEntry("syncFrequency", "5m0s");
  }

  @Test
  @DisplayName("AGENT-9 One signal over a base that sets none keeps the default ones, as a drop-in")
  void overDefaults() throws UnreadableException {
    assertThat(effective("", "evictionHard: {memory.available: 500Mi}\n").get("evictionHard"))
        .isEqualTo(
            Map.of(
                "imagefs.available", "15%",
                "imagefs.inodesFree", "5%",
                "memory.available", "500Mi",
                "nodefs.available", "10%",
                "nodefs.inodesFree", "5%"));
  }

  @Test
  @DisplayName("AGENT-9 The base's defaults are set before the overlay, as for a drop-in")
  void dependentDefaults() throws UnreadableException {
    byte[] merged =
        Overlay.merge(
            document(""), document("maxParallelImagePulls: 3\n"), KubeletVersion.newest());

    assertThat(KubeletConfig.judge(merged, KubeletVersion.newest()).errors())
        .extracting(Complaint::field)
        .containsExactly("maxParallelImagePulls");
  }

  @Test
  @DisplayName("AGENT-9 What the base sets to nothing stays nothing")
  void emptyStays() throws UnreadableException {
    assertThat(merged("cgroupsPerQOS: false\nenforceNodeAllocatable: []\n", "maxPods: 5\n"))
        .contains("\"enforceNodeAllocatable\" : [ ]");
    assertThat(effective("evictionHard: {}\n", "maxPods: 5\n")).doesNotContainKey("evictionHard");
  }

  @Test
  @DisplayName("bug 26: AGENT-9 What neither document sets is not written down")
  void small() throws UnreadableException {
    assertThat(merged("maxPods: 50\n", "podsPerCore: 3\n"))
        .isEqualTo(
            """
            {
              "apiVersion" : "kubelet.config.k8s.io/v1beta1",
              "kind" : "KubeletConfiguration",
              "maxPods" : 50,
              "podsPerCore" : 3
            }
            """);
  }

  @Test
  @DisplayName("AGENT-9 A document that cannot be read is named")
  void unreadable() {
    assertThatThrownBy(() -> merged("maxPods: [\n", ""))
        .isInstanceOf(UnreadableException.class)
        .hasMessageContaining("the base");
    assertThatThrownBy(() -> merged("", "maxPods: five\n"))
        .isInstanceOf(UnreadableException.class)
        .hasMessageContaining("the overlay")
        .hasMessageContaining("maxPods");
  }
}
