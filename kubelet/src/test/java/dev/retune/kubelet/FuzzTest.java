package dev.retune.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kubelet.document.Document;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Whatever the bytes are, there is an answer, and it does not take long.
 *
 * <p>{@code -Dretune.fuzz-cases=5000000} makes it a longer run, {@code -Dretune.fuzz-seed=…}
 * another one; a failure names the seed of its case.
 */
class FuzzTest {

  private static final int CASES = Integer.getInteger("retune.fuzz-cases", 200_000);
  private static final long SEED = Long.getLong("retune.fuzz-seed", 1);
  private static final Duration LIMIT = Duration.ofSeconds(1);

  /** One case in so many is as large as a ConfigMap can be. */
  private static final int LARGE = 1000;

  private static final String PUNCTUATION = " \t\n:-#'\"{}[],&*!|>%@`0.eE+~?<=\\";
  private static final List<String> PIECES =
      List.of(
          "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n",
          "{\"kind\":\"KubeletConfiguration\",\"apiVersion\":\"kubelet.config.k8s.io/v1beta1\",",
          "maxPods",
          "evictionHard",
          "logging",
          "featureGates",
          "reservedMemory",
          "syncFrequency",
          ": ",
          "- ",
          "\n",
          "\n  ",
          "\t",
          "{",
          "}",
          "[",
          "]",
          ",",
          "? ",
          "&a ",
          "*a",
          "<<: ",
          "!!int ",
          "!!binary ",
          "!!float ",
          "! ",
          "|\n",
          ">-\n",
          "'",
          "\"",
          "#",
          "---\n",
          "...\n",
          "%YAML 1.1\n",
          "%TAG ! x\n",
          "\\x",
          "\\u00",
          "0x",
          "0o",
          "1_0",
          ".inf",
          ".nan",
          "~",
          "yes",
          "\ufeff",
          "\u0085",
          "\u2028",
          "\0",
          "\ud800",
          "null",
          "1e3",
          "1e99999",
          "5s",
          "1Gi",
          "9999999999999999999",
          "-0",
          "true",
          "2001-01-01",
          "\r\n",
          "\r");

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

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final List<byte[]> corpus = new ArrayList<>();

  @Test
  @DisplayName(
      "bug 20: Section 5: 200,000 damaged, random and hostile documents are each judged within 1 s")
  void judged() {
    for (KubeletVersion version : KubeletVersion.known()) {
      Vector.of(version).forEach(v -> corpus.add(v.config().getBytes(StandardCharsets.UTF_8)));
      KubeletConfig.judge(new byte[0], version);
    }
    byte[] yaml = YAML.getBytes(StandardCharsets.UTF_8);
    byte[] json = JSON.getBytes(StandardCharsets.UTF_8);
    // A tenth of what is damaged: most documents that kubelets were asked about are plain JSON.
    for (int i = corpus.size() / 20; i > 0; i--) {
      corpus.add(yaml);
      corpus.add(json);
    }
    for (int i = 0; i < CASES; i++) {
      long seed = SEED * 1_000_003 + i;
      Random random = new Random(seed);
      byte[] document = i % LARGE == 0 ? large(random) : small(random);
      KubeletVersion version = anyOf(KubeletVersion.known(), random);
      assertThat(took(document, version)).as("case of seed %d", seed).isLessThan(LIMIT);
    }
  }

  /** The processor's time, so that a busy machine does not matter; the better of three. */
  private Duration took(byte[] document, KubeletVersion version) {
    Duration least = Duration.ofDays(1);
    for (int attempt = 0; attempt < 3 && least.compareTo(LIMIT) >= 0; attempt++) {
      long start = threads.getCurrentThreadCpuTime();
      answered(KubeletConfig.judge(document, version));
      long nanos = threads.getCurrentThreadCpuTime() - start;
      least = nanos < least.toNanos() ? Duration.ofNanos(nanos) : least;
    }
    return least;
  }

  private static void answered(Judgement judgement) {
    assertThat(judgement.errors().isEmpty()).isEqualTo(judgement.verdict() == Verdict.VALID);
    assertThat(judgement.effective().isEmpty()).isEqualTo(judgement.verdict() == Verdict.DECODE);
    if (judgement.verdict() == Verdict.VALID) {
      KubeletConfig.preconditions(
          judgement.effective(), judgement.version(), NodeFacts.UNKNOWN.withCapacity("cpu", "4"));
      RelativePaths.of(judgement.effective());
    }
  }

  private byte[] small(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> randomBytes(random);
      case 1, 2 -> pieces(random, 40);
      default -> damaged(anyOf(corpus, random), random);
    };
  }

  private static byte[] randomBytes(Random random) {
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] pieces(Random random, int most) {
    StringBuilder text = new StringBuilder(random.nextBoolean() ? PIECES.getFirst() : "");
    for (int i = random.nextInt(most); i >= 0; i--) {
      text.append(anyOf(PIECES, random));
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private byte[] damaged(byte[] document, Random random) {
    byte[] bytes = document.clone();
    for (int i = random.nextInt(5); i >= 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      int other = random.nextInt(bytes.length);
      switch (random.nextInt(7)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = (byte) PUNCTUATION.charAt(random.nextInt(PUNCTUATION.length()));
        case 2 -> bytes = Arrays.copyOf(bytes, at);
        case 3 -> bytes = joined(bytes, at, anyOf(PIECES, random).getBytes(StandardCharsets.UTF_8));
        case 4 -> {
          byte[] stranger = anyOf(corpus, random);
          int from = random.nextInt(stranger.length + 1);
          bytes = joined(bytes, at, Arrays.copyOfRange(stranger, from, stranger.length));
        }
        case 5 ->
            bytes =
                joined(
                    bytes, at, Arrays.copyOfRange(bytes, Math.min(at, other), Math.max(at, other)));
        default -> {
          byte swap = bytes[at];
          bytes[at] = bytes[other];
          bytes[other] = swap;
        }
      }
    }
    return bytes;
  }

  private static byte[] joined(byte[] bytes, int at, byte[] more) {
    byte[] joined = Arrays.copyOf(bytes, bytes.length + more.length);
    System.arraycopy(more, 0, joined, at, more.length);
    System.arraycopy(bytes, at, joined, at + more.length, bytes.length - at);
    return joined;
  }

  /** A document of up to 1 MiB: one piece over and over, nested, aliased, or a number. */
  private static byte[] large(Random random) {
    String head = PIECES.get(random.nextInt(2));
    int size = 1 + random.nextInt(Document.MAX_BYTES - 1000);
    String body =
        switch (random.nextInt(7)) {
          case 0 -> "[".repeat(Math.min(size, 10_000)) + "]".repeat(random.nextInt(10_001));
          case 1 -> "maxPods: " + "9".repeat(Math.min(size, 10_000));
          case 2 -> "\"memoryThrottlingFactor\": 0." + "7".repeat(size);
          case 3 -> aliases(random);
          case 4 -> repeated(anyOf(PIECES, random) + anyOf(PIECES, random), size);
          case 5 -> repeated("k" + random.nextInt() + anyOf(PIECES, random), size);
          default -> "evictionHard: " + "{a: ".repeat(10_000);
        };
    byte[] bytes = (head + body).getBytes(StandardCharsets.UTF_8);
    return bytes.length > Document.MAX_BYTES ? Arrays.copyOf(bytes, Document.MAX_BYTES) : bytes;
  }

  private static String repeated(String piece, int size) {
    return piece.repeat(1 + size / (3 * piece.length()));
  }

  private static String aliases(Random random) {
    StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x]\n");
    int width = 1 + random.nextInt(20);
    for (int i = 1; i < 5 + random.nextInt(200); i++) {
      String alias = "*a" + (i - 1 - random.nextInt(Math.min(i, 3)));
      text.append("a" + i + ": &a" + i + " [" + (alias + ", ").repeat(width) + alias + "]\n");
    }
    return text.toString();
  }

  private static <T> T anyOf(List<T> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }
}
