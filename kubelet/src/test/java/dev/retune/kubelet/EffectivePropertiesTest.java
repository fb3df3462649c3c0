package dev.retune.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kubelet.dropins.DropIns;
import dev.retune.kubelet.effective.EffectiveConfig;
import dev.retune.kubelet.effective.Setting;
import dev.retune.kubelet.flags.TextFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for the sources of any configuration, on documents that real kubelets were asked. */
class EffectivePropertiesTest {

  private static final int PAIRS = 150;
  private static final int V1BETA1 = 32;
  private static final String NAME = "/var/lib/kubelet/config.yaml";

  /**
   * What an overlay is kinder in than a drop-in (decision 8), and what only a whole file may do.
   */
  private static final Pattern APART =
      Pattern.compile("\\[\\s*]|\\{\\s*}|\\bnull\\b|~|evictionHard|mergeDefaultEvictionSettings");

  /** Optional objects: given without a field they differ from none, and have no value. */
  private static final Set<String> HOLLOW = Set.of("tracing", "userNamespaces");

  static Stream<KubeletVersion> versions() {
    return KubeletVersion.known().stream();
  }

  @ParameterizedTest
  @MethodSource("versions")
  @DisplayName("Without drop-ins and flags it is what the judge says, each value with its line")
  void agreesWithTheJudge(KubeletVersion version) {
    for (Vector vector : Vector.of(version)) {
      Judgement judged = KubeletConfig.judge(bytes(vector.config()), version);
      EffectiveConfig effective = effective(vector.config(), Target.of(version));
      if (RelativePaths.of(judged.effective()).isEmpty()) {
        assertThat(effective.judgement().verdict()).isEqualTo(judged.verdict());
        assertThat(effective.judgement().effective()).isEqualTo(judged.effective());
      }
      List<String> lines = vector.config().lines().toList();
      for (Setting setting : effective.settings()) {
        switch (setting.source()) {
          case Source.File(var origin) ->
              assertThat(lines.get(origin.line() - 1))
                  .as("%s of%n%s", setting, vector.config())
                  .containsAnyOf(lastStep(setting.field()), "evictionHard");
          case Source.Default(var of) -> assertThat(of).isEqualTo(version);
          case Source.Flag flag -> throw new AssertionError("there is no " + flag);
        }
      }
      vector.delta().keySet().stream()
          .filter(field -> !HOLLOW.contains(field))
          .forEach(field ->
              assertThat(effective.below(field).stream().allMatch(Setting::isDefault))
                  .as("%s differs from its default, of%n%s", field, vector.config())
                  .isFalse());
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  @DisplayName("AGENT-9 An overlay has the effect of a drop-in, as kubelets since 1.32 merge it")
  void overlaysAreDropIns(KubeletVersion version) throws Exception {
    if (version.minor() < V1BETA1) {
      return;
    }
    int compared = 0;
    for (Vector[] pair : pairs(version)) {
      String base = pair[0].config();
      String over = pair[1].config();
      if (APART.matcher(base + over).find()) {
        continue;
      }
      Map<String, @Nullable Object> overlaid =
          KubeletConfig.judge(Overlay.merge(bytes(base), bytes(over), version), version)
              .effective();
      Target target = Target.of(version).with(List.of(new TextFile("/d/1.conf", over)));
      Judgement merged = KubeletConfig.judge(bytes(base), target);
      if (merged.verdict() != Verdict.DECODE) {
        assertThat(merged.effective()).as("%s%n%s", base, over).isEqualTo(overlaid);
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(PAIRS / 2);
  }

  @ParameterizedTest
  @MethodSource("versions")
  @DisplayName("Each value comes from the last file that names it, in every way to merge them")
  void lastFileWins(KubeletVersion version) {
    if (version.minor() < DropIns.SINCE) {
      return;
    }
    for (Vector[] pair : pairs(version)) {
      Target target = Target.of(version).with(List.of(new TextFile("/d/1.conf", pair[1].config())));
      EffectiveConfig effective = effective(pair[0].config(), target);
      EffectiveConfig alone = effective(pair[0].config(), Target.of(version));
      for (Setting setting : effective.settings()) {
        boolean ofDropIn =
            setting.source() instanceof Source.File(var origin)
                && origin.file().equals("/d/1.conf");
        if (!ofDropIn && !(setting.source() instanceof Source.Default)) {
          assertThat(alone.setting(setting.field()).map(Setting::value))
              .as("%s of%n%s%n%s", setting, pair[0].config(), pair[1].config())
              .isEqualTo(Optional.ofNullable(setting.value()));
        }
      }
    }
  }

  private static EffectiveConfig effective(String document, Target target) {
    return EffectiveConfig.of(Optional.of(new TextFile(NAME, document)), List.of(), target);
  }

  private static String lastStep(String field) {
    String key =
        field.endsWith("]")
            ? field.substring(field.indexOf('[') + 1, field.length() - 1)
            : field.substring(field.lastIndexOf('.') + 1);
    return key.length() > 10 ? key.substring(0, 10) : key;
  }

  private static List<Vector[]> pairs(KubeletVersion version) {
    List<Vector> readable =
        Vector.of(version).stream()
            .filter(v -> v.verdict() != Verdict.DECODE && !v.strict())
            .toList();
    Random random = new Random(version.minor());
    return Stream.generate(() ->
            new Vector[] {
              readable.get(random.nextInt(readable.size())),
              readable.get(random.nextInt(readable.size()))
            })
        .limit(PAIRS)
        .toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
