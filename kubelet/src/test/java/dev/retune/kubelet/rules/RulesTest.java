package dev.retune.kubelet.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kubelet.Hazards;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.facts.Facts;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {

  static Stream<KubeletVersion> versions() {
    return KubeletVersion.known().stream();
  }

  @ParameterizedTest
  @MethodSource("versions")
  @DisplayName("KUBELET-1 A rule holds for versions that have its field")
  void fieldsExist(KubeletVersion version) {
    Facts facts = Facts.of(version);
    List<String> missing =
        Stream.of(LimitRules.RULES, ResourceRules.RULES, ServiceRules.RULES)
            .flatMap(List::stream)
            .filter(rule -> rule.versions().include(version))
            .map(Rule::field)
            .filter(field -> facts.root().field(field) == null)
            .toList();
    assertThat(missing).isEmpty();
  }

  @Test
  @DisplayName("SEC-3 Hazards are told of fields that exist, and of most that do")
  void hazardsOfFields() {
    List<String> fields =
        Facts.of(KubeletVersion.newest()).root().fields().stream().map(f -> f.name()).toList();
    assertThat(fields)
        .filteredOn(field -> Hazards.of(field).isEmpty())
        .containsExactlyInAnyOrder("kind", "apiVersion");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "0-3",
        "0-5,34,46-48",
        "+1",
        "3-3",
        "9223372036854775807",
        "000000000000000000000001"
      })
  @DisplayName("Sets of CPUs are read as Linux writes them")
  void cpus(String text) {
    assertThat(CpuSet.isValid(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "0,",
        "a",
        "1-0",
        "-1",
        "1-",
        "1 ",
        "99999999999999999999",
        "9223372036854775808"
      })
  @DisplayName("What is no set of CPUs is refused")
  void noCpus(String text) {
    assertThat(CpuSet.isValid(text)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:4317, true",
    "'', true",
    "dns://8.8.8.8/host:53, true",
    "unix:///run/otel.sock, true",
    "unix-abstract://otel, true",
    "[::1]:4317, true",
    "[fe80::1%25en0]:1, true",
    "http://x:4317, false",
    "bad endpoint, false",
    "localhost:port, false",
    "[::1, false",
    "a%zz, false",
    "//nowhere, false"
  })
  @DisplayName("Tracing takes the endpoints that gRPC resolves")
  void endpoints(String endpoint, boolean taken) {
    assertThat(Endpoints.isTracingEndpoint(endpoint, false)).isEqualTo(taken);
  }

  @ParameterizedTest
  @ValueSource(strings = {"::1", "::1:4317", "ipv4:1.2.3.4:5"})
  @DisplayName("More than one colon outside of brackets is refused since 1.36")
  void colons(String endpoint) {
    assertThat(Endpoints.isTracingEndpoint(endpoint, false)).isTrue();
    assertThat(Endpoints.isTracingEndpoint(endpoint, true)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "registry.k8s.io/pause, true, true",
    "localhost/a/b, true, true",
    "host:5000/a__b-c.d, true, true",
    "docker.io/library/busybox, true, true",
    "registry.io/team/*, true, true",
    "a/b, false, true",
    "busybox, false, true",
    "registry.io/x:tag, false, false",
    "registry.io/x@sha256:0, false, false",
    "registry.io/, false, false",
    "registry_x.io/x, true, true",
    "'[2001:db8::1]:5000/x', true, true",
    "bad image!, false, false",
    "registry.io/X, false, false",
    "a//b, false, false",
    "a/b_, false, false",
    "-a.io/b, false, false",
    "a.io:/b, false, false",
    "http://a/b, false, false",
    "registry.io/x\u00a0, false, false",
    "*, false, false",
    "/*, false, false",
    "a*/b, false, false"
  })
  @DisplayName("Allow lists hold full names up to 1.35, names without tag later, and prefixes")
  void images(String pattern, boolean until135, boolean later) {
    assertThat(ImageNames.isAllowlistPattern(pattern, true)).isEqualTo(until135);
    assertThat(ImageNames.isAllowlistPattern(pattern, false)).isEqualTo(later);
  }

  @ParameterizedTest
  @CsvSource({
    "a, true", "example.com/gpu, true", "A_b.c-d, true", "'', false", "bad key!, false",
    "/a, false", "a/, false", "Example.com/a, false", "a/b/c, false", "-a, false"
  })
  @DisplayName("Keys of taints are qualified names")
  void names(String name, boolean valid) {
    assertThat(Labels.isQualifiedName(name)).isEqualTo(valid);
  }

  @ParameterizedTest
  @CsvSource({
    "/, true",
    "/var/log/pods, true",
    "../a, true",
    "., true",
    "'', false",
    "/a//b, false",
    "/a/, false",
    "/a/./b, false",
    "/a/../b, false",
    "a/.., false",
    "/.., false"
  })
  @DisplayName("Paths in their shortest form are told from others")
  void paths(String path, boolean clean) {
    assertThat(Paths.isClean(path)).isEqualTo(clean);
  }
}
