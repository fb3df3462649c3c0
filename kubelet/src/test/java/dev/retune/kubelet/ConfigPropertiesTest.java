package dev.retune.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kubelet.diff.ConfigDiff;
import dev.retune.kubelet.document.Document;
import dev.retune.kubelet.document.JsonWriter;
import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.document.UnreadableException;
import dev.retune.kubelet.facts.Facts;
import dev.retune.kubelet.value.Decoder;
import dev.retune.kubelet.value.Encoder;
import dev.retune.kubelet.value.Problems;
import dev.retune.kubelet.value.StructValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for any document, on all documents that real kubelets were asked about. */
class ConfigPropertiesTest {

  private static final int PAIRS = 400;
  private static final Pattern EMPTY = Pattern.compile("\\[\\s*]|\\{\\s*}");

  static Stream<KubeletVersion> versions() {
    return KubeletVersion.known().stream();
  }

  @ParameterizedTest
  @MethodSource("versions")
  @DisplayName("Every decoded document, written down and decoded again, is the same")
  void encodesToItself(KubeletVersion version) throws UnreadableException {
    for (Vector vector : Vector.of(version)) {
      if (vector.verdict() != Verdict.DECODE) {
        Map<String, @Nullable Object> once = encoded(bytes(vector), version);
        byte[] written = JsonWriter.write(Node.ofTree(once));
        assertThat(encoded(written, version)).as(vector.config()).isEqualTo(once);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  @DisplayName("What a kubelet would say of its defaulted document, it says of the document itself")
  void defaultingIsDone(KubeletVersion version) {
    for (Vector vector : Vector.of(version)) {
      Judgement once = KubeletConfig.judge(bytes(vector), version);
      // What is empty is not written down, by a kubelet neither: reading it back brings the
      // default.
      if (once.verdict() == Verdict.VALID && !EMPTY.matcher(vector.config()).find()) {
        byte[] written = JsonWriter.write(Node.ofTree(once.defaulted()));
        Judgement twice = KubeletConfig.judge(written, version);
        assertThat(twice.verdict()).as(vector.config()).isEqualTo(Verdict.VALID);
        assertThat(twice.effective()).as(vector.config()).isEqualTo(once.effective());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  @DisplayName("AGENT-9 An overlay laid over its own result changes nothing")
  void overlayIsIdempotent(KubeletVersion version) throws UnreadableException {
    for (Pair pair : pairs(version)) {
      byte[] once = Overlay.merge(bytes(pair.a()), bytes(pair.b()), version);
      byte[] twice = Overlay.merge(once, bytes(pair.b()), version);
      assertThat(KubeletConfig.judge(twice, version).effective())
          .as("%s%n%s", pair.a().config(), pair.b().config())
          .isEqualTo(KubeletConfig.judge(once, version).effective());
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  @DisplayName("ROLL-8 The difference of two configs, applied to the first, gives the second")
  void diffApplies(KubeletVersion version) {
    for (Pair pair : pairs(version)) {
      Map<String, @Nullable Object> a = KubeletConfig.judge(bytes(pair.a()), version).effective();
      Map<String, @Nullable Object> b = KubeletConfig.judge(bytes(pair.b()), version).effective();
      assertThat(ConfigDiff.between(a, b).applyTo(a)).isEqualTo(b);
      assertThat(ConfigDiff.between(b, b).changes()).isEmpty();
    }
  }

  private record Pair(Vector a, Vector b) {}

  private static List<Pair> pairs(KubeletVersion version) {
    List<Vector> readable =
        Vector.of(version).stream().filter(v -> v.verdict() != Verdict.DECODE).toList();
    Random random = new Random(version.minor());
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < PAIRS; i++) {
      pairs.add(
          new Pair(
              readable.get(random.nextInt(readable.size())),
              readable.get(random.nextInt(readable.size()))));
    }
    return pairs;
  }

  private static byte[] bytes(Vector vector) {
    return vector.config().getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, @Nullable Object> encoded(byte[] document, KubeletVersion version)
      throws UnreadableException {
    Problems errors = new Problems();
    Problems others = new Problems();
    StructValue config =
        new Decoder(errors, others, others, version.toString(), name -> "")
            .root((Node.Mapping) Document.read(document).root(), Facts.of(version).root());
    assertThat(errors.toList()).isEmpty();
    return Encoder.encode(config);
  }
}
