package dev.retune.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the bytes are, there is an answer. */
class JudgePropertiesTest {

  private static final String PUNCTUATION = " \t\n:-#'\"{}[],&*!|>%@`0.eE+~?";

  private static final String YAML =
      """
      apiVersion: kubelet.config.k8s.io/v1beta1
      kind: KubeletConfiguration
      authentication: {anonymous: {enabled: false}, webhook: {cacheTTL: 0s, enabled: yes}}
      clusterDNS: &dns [10.96.0.10, "fd00::10"]
      evictionHard:
        <<: &base {memory.available: 100Mi}
        nodefs.available: 10%
      evictionSoft: *base
      featureGates:
        MemoryQoS: false
      logging:
        flushFrequency: 5000000000
        options: {json: {infoBufferSize: "0"}}
        vmodule:
        - filePattern: 'a*'
          verbosity: 3
      maxPods: 0x6e
      memoryThrottlingFactor: .9
      registerWithTaints:
        - key: example.com/gpu
          effect: NoSchedule
          timeAdded: 2026-01-02T15:04:05Z
      reservedMemory: [{numaNode: 0, limits: {memory: 1.5Gi}}]
      syncFrequency: |-
        1m30s
      tracing: !!map {endpoint: "localhost:4317", samplingRatePerMillion: +100}
      """;

  private static final String JSON =
      """
      {"apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration",
       "enforceNodeAllocatable": ["pods", "system-reserved"], "systemReservedCgroup": "\\u002fsys",
       "shutdownGracePeriodByPodPriority": [{"priority": 1, "shutdownGracePeriodSeconds": 10}],
       "memorySwap": {"swapBehavior": "NoSwap"}, "maxPods": 1e2, "podPidsLimit": -1,
       "staticPodURLHeader": {"a": ["b", null]}, "userNamespaces": {"idsPerPod": 131072},
       "crashLoopBackOff": {"maxContainerRestartPeriod": "10s"}, "resolvConf": null}
      """;

  @Property(tries = 2_000)
  @Label("Section 5: random bytes get a verdict")
  void bytes(@ForAll byte[] bytes, @ForAll("versions") KubeletVersion version) {
    answered(KubeletConfig.judge(bytes, version));
  }

  @Property(tries = 3_000)
  @Label("Section 5: what YAML is made of gets a verdict, in any order")
  void punctuation(@ForAll("yamlish") String text, @ForAll("versions") KubeletVersion version) {
    answered(KubeletConfig.judge(text.getBytes(StandardCharsets.UTF_8), version));
  }

  @Property(tries = 3_000)
  @Label("Section 5: damaged documents get a verdict")
  void damaged(
      @ForAll boolean json, @ForAll long seed, @ForAll("versions") KubeletVersion version) {
    byte[] document = damage((json ? JSON : YAML).getBytes(StandardCharsets.UTF_8), seed);
    answered(KubeletConfig.judge(document, version));
  }

  private static void answered(Judgement judgement) {
    assertThat(judgement.errors().isEmpty()).isEqualTo(judgement.verdict() == Verdict.VALID);
    assertThat(judgement.effective().isEmpty()).isEqualTo(judgement.verdict() == Verdict.DECODE);
    if (!judgement.effective().isEmpty()) {
      KubeletConfig.preconditions(judgement.effective(), judgement.version(), NodeFacts.UNKNOWN);
      RelativePaths.of(judgement.effective());
    }
  }

  private static byte[] damage(byte[] document, long seed) {
    Random random = new Random(seed);
    byte[] bytes = document.clone();
    for (int i = random.nextInt(6); i >= 0; i--) {
      int at = random.nextInt(bytes.length);
      int other = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = (byte) PUNCTUATION.charAt(random.nextInt(PUNCTUATION.length()));
        case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
        case 3 -> {
          byte[] copy = bytes.clone();
          int length = Math.min(random.nextInt(40), bytes.length - Math.max(at, other));
          System.arraycopy(bytes, at, copy, other, length);
          bytes = copy;
        }
        default -> {
          byte swap = bytes[at];
          bytes[at] = bytes[other];
          bytes[other] = swap;
        }
      }
    }
    return bytes;
  }

  @Provide
  Arbitrary<KubeletVersion> versions() {
    return Arbitraries.integers().between(25, 36).map(KubeletVersion::new);
  }

  @Provide
  Arbitrary<String> yamlish() {
    List<String> pieces =
        List.of(
            "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n",
            "maxPods",
            ": ",
            "- ",
            "\n",
            "  ",
            "\t",
            "{",
            "}",
            "[",
            "]",
            ",",
            "? ",
            "&a",
            "*a",
            "<<",
            "!!int ",
            "!!binary ",
            "! ",
            "|",
            ">-",
            "'",
            "\"",
            "#",
            "---",
            "...",
            "%YAML 1.1",
            "%TAG ! x",
            "\\x",
            "0x",
            "1_0",
            ".inf",
            "~",
            "yes",
            "\ufeff",
            "\u0085",
            "\u2028",
            "\0",
            "\ud800",
            "evictionHard",
            "logging",
            "null",
            "1e3",
            "5s");
    return Arbitraries.of(pieces).list().ofMaxSize(30).map(list -> String.join("", list));
  }
}
