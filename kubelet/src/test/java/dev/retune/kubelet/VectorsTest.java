package dev.retune.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What real kubelets said to some 1,100 documents per version. */
class VectorsTest {

  static Stream<KubeletVersion> versions() {
    return KubeletVersion.known().stream();
  }

  @ParameterizedTest
  @MethodSource("versions")
  @DisplayName("KUBELET-1 The verdict is that of a real kubelet, for every document of a version")
  void verdicts(KubeletVersion version) {
    List<String> wrong = new ArrayList<>();
    for (Vector vector : Vector.of(version)) {
      Judgement judgement = judge(vector, version);
      if (judgement.verdict() != vector.verdict()
          || judgement.errors().isEmpty() != (vector.verdict() == Verdict.VALID)) {
        wrong.add(
            vector.id()
                + " "
                + vector.config()
                + " -> "
                + judgement.verdict()
                + " "
                + judgement.errors());
      }
    }
    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("versions")
  @DisplayName("KUBELET-1 The fields named are those the kubelet names in 99.5 % of refusals")
  void fields(KubeletVersion version) {
    List<String> wrong = new ArrayList<>();
    int refused = 0;
    for (Vector vector : Vector.of(version)) {
      if (vector.verdict() == Verdict.INVALID || vector.verdict() == Verdict.GATES) {
        refused++;
        Set<String> named = new TreeSet<>();
        judge(vector, version).errors().forEach(c -> named.add(c.topLevelField()));
        if (!named.equals(vector.fields())) {
          wrong.add(
              vector.id() + " " + vector.config() + " -> " + named + " for " + vector.fields());
        }
      }
    }
    assertThat(wrong).as("of %d", refused).hasSizeLessThanOrEqualTo(refused / 200);
  }

  @ParameterizedTest
  @MethodSource("versions")
  @DisplayName("KUBELET-1 The strict decoder's complaints are made, and no others")
  void strict(KubeletVersion version) {
    List<String> wrong = new ArrayList<>();
    for (Vector vector : Vector.of(version)) {
      Judgement judgement = judge(vector, version);
      // Kubelets from 1.32 on end at a wrong gate before they come to the strict complaints.
      boolean reported = vector.strict() || vector.verdict() != Verdict.GATES;
      boolean readable = judgement.verdict() != Verdict.DECODE;
      if (reported && readable && judgement.strict().isEmpty() == vector.strict()) {
        wrong.add(vector.id() + " " + vector.config() + " -> " + judgement.strict());
      }
    }
    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("versions")
  @DisplayName("KUBELET-1 Defaulting changes what the kubelet changes, to the same values")
  void defaults(KubeletVersion version) {
    Map<?, ?> defaults =
        (Map<?, ?>) Objects.requireNonNull(Trees.normal(nothing(version).defaulted()));
    List<String> wrong = new ArrayList<>();
    for (Vector vector : Vector.of(version)) {
      if (vector.verdict() == Verdict.VALID || vector.verdict() == Verdict.INVALID) {
        Map<?, ?> effective =
            (Map<?, ?>) Objects.requireNonNull(Trees.normal(judge(vector, version).defaulted()));
        Map<String, @Nullable Object> delta = new LinkedHashMap<>();
        Set<Object> names = new LinkedHashSet<>(defaults.keySet());
        names.addAll(effective.keySet());
        for (Object name : names) {
          Object value = effective.get(name);
          if (!Objects.equals(value, defaults.get(name))) {
            delta.put((String) name, value);
          }
        }
        if (!delta.equals(vector.delta())) {
          wrong.add(
              vector.id() + " " + vector.config() + " -> " + delta + " for " + vector.delta());
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static Judgement nothing(KubeletVersion version) {
    String document = "{kind: KubeletConfiguration, apiVersion: kubelet.config.k8s.io/v1beta1}";
    return KubeletConfig.judge((" # YAML\n" + document).getBytes(StandardCharsets.UTF_8), version);
  }

  private static Judgement judge(Vector vector, KubeletVersion version) {
    return KubeletConfig.judge(vector.config().getBytes(StandardCharsets.UTF_8), version);
  }
}
