package dev.retune.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kubelet.facts.Facts;
import dev.retune.kubelet.facts.FieldGates;
import dev.retune.kubelet.facts.Gate;
import dev.retune.kubelet.flags.Flag;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FieldReferenceTest {

  private static final Pattern NEEDS = Pattern.compile("needs the feature gate (\\w+)");

  private static FieldReference of(String path) {
    return FieldReference.of(path, KubeletVersion.oldest(), KubeletVersion.newest()).orElseThrow();
  }

  @Test
  @DisplayName("A field is told with its type, its defaults over the versions, flags and hazard")
  void field() {
    FieldReference field = of("eventRecordQPS");

    assertThat(field.type()).isEqualTo("integer");
    assertThat(field.since()).isEqualTo(KubeletVersion.oldest());
    assertThat(field.defaults())
        .containsExactly(
            new FieldReference.Default(new KubeletVersion(25), new KubeletVersion(26), 5L),
            new FieldReference.Default(new KubeletVersion(27), KubeletVersion.newest(), 50L));
    assertThat(field.flags()).extracting(Flag::name).containsExactly("event-qps");
    assertThat(field.hazard()).isPresent();
  }

  @Test
  @DisplayName("A field that came later is told with the version, and with the gate it needs")
  void newer() {
    FieldReference field = of("crashLoopBackOff.maxContainerRestartPeriod");

    assertThat(field.since()).isEqualTo(new KubeletVersion(32));
    assertThat(field.type()).isEqualTo("duration");
    assertThat(field.gates())
        .containsExactly(
            new FieldReference.NeededGate("KubeletCrashLoopBackOffMax", Gate.Stage.BETA, true));
    assertThat(
            FieldReference.of("crashLoopBackOff", KubeletVersion.oldest(), new KubeletVersion(31)))
        .isEmpty();
  }

  @Test
  @DisplayName("Objects tell the fields below them, also behind lists")
  void objects() {
    assertThat(of("authentication").fields()).containsExactly("x509", "webhook", "anonymous");
    assertThat(of("registerWithTaints").type()).isEqualTo("[]Object");
    assertThat(of("registerWithTaints.effect").type()).isEqualTo("string");
    assertThat(of("staticPodURLHeader").type()).isEqualTo("map[string][]string");
  }

  @Test
  @DisplayName("A misspelt field gets a suggestion")
  void misspelt() {
    assertThat(FieldReference.didYouMean("maxPod")).contains("\"maxPods\"");
    assertThat(FieldReference.didYouMean("authentication.x509.clientCaFile"))
        .contains("\"clientCAFile\"");
    assertThat(FieldReference.didYouMean("nothing.like.it")).isEmpty();
  }

  @Test
  @DisplayName("Every gate that validation asks for is told by the field's reference")
  void gatesOfRules() {
    for (KubeletVersion version : KubeletVersion.known()) {
      for (Vector vector : Vector.of(version)) {
        byte[] document = vector.config().getBytes(StandardCharsets.UTF_8);
        for (Complaint complaint : KubeletConfig.judge(document, version).errors()) {
          Matcher needs = NEEDS.matcher(complaint.message());
          if (needs.find()) {
            assertThat(FieldGates.of(complaint.field(), Facts.of(version)))
                .as(complaint.field())
                .contains(needs.group(1));
          }
        }
      }
    }
  }

  @Test
  @DisplayName("Every field of every version has a reference")
  void all() {
    for (KubeletVersion version : KubeletVersion.known()) {
      Facts.of(version)
          .root()
          .fields()
          .forEach(field ->
              assertThat(FieldReference.of(field.name(), version, version))
                  .as("%s in %s", field.name(), version)
                  .isPresent());
    }
  }
}
