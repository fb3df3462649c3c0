package dev.retune.kubelet.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kubelet.Judgement;
import dev.retune.kubelet.KubeletConfig;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.NodeFacts;
import dev.retune.kubelet.Precondition;
import dev.retune.kubelet.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What kubelets find out when they start with a document that their validation lets through. */
final class Starts {

  private static final String HEADER =
      "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

  private Starts() {}

  static List<Precondition> of(String document, int minor, NodeFacts node) {
    KubeletVersion version = new KubeletVersion(minor);
    Judgement judgement =
        KubeletConfig.judge((HEADER + document).getBytes(StandardCharsets.UTF_8), version);
    assertThat(judgement.verdict()).as("%s", judgement.errors()).isEqualTo(Verdict.VALID);
    return KubeletConfig.preconditions(judgement.effective(), version, node);
  }

  /** The fields the kubelet exits over, and with {@code " -"} those that have no effect. */
  static List<String> fields(String document, int minor, NodeFacts node) {
    return of(document, minor, node).stream()
        .map(p -> p.complaint().field() + (p.exits() ? "" : " -"))
        .toList();
  }

  static List<String> fields(String document, int minor) {
    return fields(document, minor, NodeFacts.UNKNOWN);
  }

  static List<String> messages(String document, int minor, NodeFacts node) {
    return of(document, minor, node).stream().map(p -> p.complaint().message()).toList();
  }
}
