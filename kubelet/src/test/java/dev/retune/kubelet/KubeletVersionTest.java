package dev.retune.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubeletVersionTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"1.36", "v1.36", "v1.36.2", " Kubernetes v1.36.2\n", "v1.36.4+k3s1", "1.36-eks"})
  @DisplayName("KUBELET-2 A version is read the way binaries and people write it")
  void parses(String text) {
    assertThat(KubeletVersion.parse(text)).isEqualTo(new KubeletVersion(36)).hasToString("1.36");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "1.", "2.36", "v1.x", "1.36x", "1.12345678", "one"})
  @DisplayName("KUBELET-2 Anything else is refused and named")
  void refuses(String text) {
    assertThatThrownBy(() -> KubeletVersion.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + text + "\"");
  }
}
