package dev.retune.kubelet.effective;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.Target;
import dev.retune.kubelet.Verdict;
import dev.retune.kubelet.flags.Argument;
import dev.retune.kubelet.flags.CommandLine;
import dev.retune.kubelet.flags.Origin;
import dev.retune.kubelet.flags.TextFile;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EffectiveConfigTest {

  private static final String HEADER =
      "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
  private static final String FLAGS = "/var/lib/kubelet/kubeadm-flags.env";
  private static final String RESERVED = "kubeReserved: {cpu: '1'}\n";
  private static final TextFile CONFIG =
      new TextFile(
          "/var/lib/kubelet/config.yaml",
          HEADER
              + """
              maxPods: 100
              syncFrequency: 0s
              evictionHard:
                memory.available: 1Gi
                nodefs.available: 5%
              featureGates: {NodeSwap: true}
              staticPodPath: manifests
              containerRuntimeEndpoint: unix:///run/crio.sock
              """);

  @Test
  @DisplayName(
      "bug 12: C14 Each value has its source: default, config, drop-in, flag, and what it overrides")
  void sources() {
    TextFile first = dropIn("10.conf", "maxPods: 120\npodsPerCore: 3\n");
    TextFile second = dropIn("20.conf", "maxPods: 130\nevictionHard: {memory.available: 2Gi}\n");
    EffectiveConfig effective = of(36, List.of(first, second), "--max-pods=140", "--v=3");

    assertThat(shown(effective, "maxPods"))
        .containsExactly(
            "maxPods = 140 from --max-pods=140 (" + FLAGS + ":1)",
            "  not 130 from /d/20.conf:3",
            "  not 120 from /d/10.conf:3",
            "  not 100 from /var/lib/kubelet/config.yaml:3");
    assertThat(shown(effective, "podsPerCore"))
        .containsExactly("podsPerCore = 3 from /d/10.conf:4");
    assertThat(shown(effective, "evictionHard"))
        .containsExactly(
            "evictionHard[memory.available] = 2Gi from /d/20.conf:4",
            "  not 1Gi from /var/lib/kubelet/config.yaml:6",
            "evictionHard[nodefs.available] = 5% from /var/lib/kubelet/config.yaml:7",
            "evictionHard[imagefs.available] = null from /var/lib/kubelet/config.yaml:6",
            "evictionHard[imagefs.inodesFree] = null from /var/lib/kubelet/config.yaml:6",
            "evictionHard[nodefs.inodesFree] = null from /var/lib/kubelet/config.yaml:6");
    assertThat(shown(effective, "logging.verbosity"))
        .containsExactly("logging.verbosity = 3 from --v=3 (" + FLAGS + ":1)");
    assertThat(shown(effective, "staticPodPath"))
        .as("a relative path begins at the file's directory")
        .containsExactly(
            "staticPodPath = /var/lib/kubelet/manifests from /var/lib/kubelet/config.yaml:9");
    assertThat(shown(effective, "syncFrequency"))
        .as("zero is no value to a kubelet")
        .containsExactly("syncFrequency = 1m0s from default of 1.36");
    assertThat(effective.setting("syncFrequency").map(Setting::isDefault)).contains(true);
    assertThat(effective.setting("maxPods").map(Setting::isDefault)).contains(false);
  }

  @Test
  @DisplayName("bug 34: Gates come from the flag that names them, wherever others stand")
  void gates() {
    EffectiveConfig effective =
        of(
            36,
            List.of(),
            "--feature-gates=NodeSwap=false,ImageVolume=true",
            "--feature-gates=ImageVolume=false");

    assertThat(shown(effective, "featureGates"))
        .containsExactly(
            "featureGates[ImageVolume] = false from --feature-gates=ImageVolume=false ("
                + FLAGS
                + ":1)",
            "featureGates[NodeSwap] = false from --feature-gates=NodeSwap=false,ImageVolume=true ("
                + FLAGS
                + ":1)",
            "  not true from /var/lib/kubelet/config.yaml:8");
  }

  @Test
  @DisplayName("A flag for a map drops the file's whole map: what is lost is told")
  void lost() {
    EffectiveConfig effective = of(36, List.of(), "--eviction-hard=memory.available<3Gi");
    String flag = " from --eviction-hard=memory.available<3Gi (" + FLAGS + ":1)";

    assertThat(shown(effective, "evictionHard"))
        .containsExactly(
            "evictionHard[memory.available] = 3Gi" + flag,
            "  not 1Gi from /var/lib/kubelet/config.yaml:6",
            "evictionHard[imagefs.available] = null" + flag,
            "evictionHard[imagefs.inodesFree] = null" + flag,
            "evictionHard[nodefs.available] = null" + flag,
            "  not 5% from /var/lib/kubelet/config.yaml:7",
            "evictionHard[nodefs.inodesFree] = null" + flag);
    assertThat(effective.lost()).isEmpty();
    EffectiveConfig reserved = of(36, List.of(dropIn("1.conf", RESERVED)), "--kube-reserved=pid=5");
    assertThat(reserved.lost())
        .as("of what is no default, too")
        .extracting(lost -> lost.field() + " " + lost.value() + " by " + lost.by().orElseThrow())
        .containsExactly("kubeReserved[cpu] 1 by --kube-reserved=pid=5 (" + FLAGS + ":1)");
  }

  @Test
  @DisplayName("A default that is gone is told, with the file that took it away")
  void missing() {
    List<TextFile> dropIns = List.of(dropIn("1.conf", "enforceNodeAllocatable: []\n"));

    assertThat(shown(of(30, dropIns), "enforceNodeAllocatable"))
        .containsExactly("enforceNodeAllocatable = null from /d/1.conf:3");
    assertThat(shown(of(30, List.of()), "evictionHard[imagefs.available]"))
        .containsExactly(
            "evictionHard[imagefs.available] = null from /var/lib/kubelet/config.yaml:6");
  }

  @Test
  @DisplayName("null in a drop-in brings the default back, since 1.32")
  void takenBack() {
    List<TextFile> dropIns = List.of(dropIn("1.conf", "maxPods: null\nevictionHard: null\n"));

    assertThat(shown(of(36, dropIns), "maxPods"))
        .containsExactly("maxPods = 110 from default of 1.36");
    assertThat(shown(of(36, dropIns), "evictionHard"))
        .contains(
            "evictionHard[memory.available] = null from /d/1.conf:4",
            "  not 1Gi from /var/lib/kubelet/config.yaml:6");
    assertThat(shown(of(30, dropIns), "maxPods"))
        .containsExactly("maxPods = 100 from /var/lib/kubelet/config.yaml:3");
  }

  @Test
  @DisplayName("1.28 lets the defaults of a drop-in win: the source is the default")
  void defaultsOfDropIns() {
    assertThat(shown(of(28, List.of(dropIn("1.conf", "podsPerCore: 3\n"))), "maxPods"))
        .containsExactly("maxPods = 110 from default of 1.28");
  }

  @Test
  @DisplayName("C14 A file that was put together is traced to the part that has the value")
  void parts() {
    TextFile local = new TextFile("/var/lib/kubelet/config.yaml", CONFIG.text());
    TextFile overlay = new TextFile("configmap kube-system/c", HEADER + "maxPods: 60\n");
    TextFile merged = new TextFile("/var/lib/retune/merged", CONFIG.text().replace("100", "60"));
    EffectiveConfig effective =
        EffectiveConfig.of(
            Optional.of(merged), List.of(local, overlay), Target.of(new KubeletVersion(36)));

    assertThat(effective.setting("maxPods").orElseThrow().source())
        .hasToString("/var/lib/retune/merged:3");
    assertThat(effective.setting("maxPods").orElseThrow().part())
        .contains(new Origin("configmap kube-system/c", 3));
    assertThat(effective.setting("containerRuntimeEndpoint").orElseThrow().part())
        .contains(new Origin("/var/lib/kubelet/config.yaml", 10));
    assertThat(effective.setting("syncFrequency").orElseThrow().part()).isEmpty();
  }

  @Test
  @DisplayName("Without --config a kubelet has other defaults: it lets everybody in")
  void withoutConfig() {
    EffectiveConfig effective =
        EffectiveConfig.of(
            Optional.empty(),
            List.of(),
            Target.of(new KubeletVersion(36)).with(List.of(dropIn("1.conf", "maxPods: 5\n"))));

    assertThat(shown(effective, "authorization.mode"))
        .containsExactly("authorization.mode = AlwaysAllow from default of 1.36");
    assertThat(shown(effective, "authentication.anonymous.enabled"))
        .containsExactly("authentication.anonymous.enabled = true from default of 1.36");
    assertThat(shown(effective, "maxPods")).containsExactly("maxPods = 5 from /d/1.conf:3");
    assertThat(effective.setting("evictionHard[memory.available]").map(Setting::value)).isEmpty();
    assertThat(effective.setting("readOnlyPort").map(Setting::value)).contains(10255L);
  }

  @Test
  @DisplayName("Files that a kubelet cannot read leave nothing but the complaint")
  void unreadable() {
    EffectiveConfig effective = of(36, List.of(new TextFile("/d/1.conf", "")));

    assertThat(effective.judgement().verdict()).isEqualTo(Verdict.DECODE);
    assertThat(effective.settings()).isEmpty();
    assertThat(effective.complaints()).singleElement().asString().contains("/d/1.conf");
  }

  private static EffectiveConfig of(int minor, List<TextFile> dropIns, String... flags) {
    KubeletVersion version = new KubeletVersion(minor);
    List<Argument> arguments =
        Arrays.stream(flags).map(flag -> new Argument(flag, new Origin(FLAGS, 1))).toList();
    Target target = Target.of(version).with(CommandLine.parse(arguments, version)).with(dropIns);
    return EffectiveConfig.of(Optional.of(CONFIG), List.of(), target);
  }

  private static TextFile dropIn(String name, String fields) {
    return new TextFile("/d/" + name, HEADER + fields);
  }

  private static List<String> shown(EffectiveConfig effective, String field) {
    return effective.below(field).stream()
        .flatMap(setting ->
            Stream.concat(
                Stream.of(setting.field() + " = " + setting.value() + " from " + setting.source()),
                setting.overrides().stream()
                    .map(under -> "  not " + under.value() + " from " + under.source())))
        .toList();
  }
}
