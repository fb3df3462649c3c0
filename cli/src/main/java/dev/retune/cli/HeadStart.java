package dev.retune.cli;

import dev.retune.kubelet.KubeletConfig;
import dev.retune.kubelet.KubeletVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * Loads what it takes to judge a document while the command line is still being read. The two take
 * about as long, and a command that judges one document does hardly anything else.
 */
final class HeadStart {
  private static final Set<String> JUDGING =
      Set.of("validate", "diff", "explain", "defaults", "upgrade-check", "push");

  private static final String DOCUMENT =
      "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nmaxPods: 110\n";

  private HeadStart() {}

  /** Begins, when the command is one that judges; never waits and never fails. */
  static void begin(List<String> args) {
    if (!args.isEmpty() && JUDGING.contains(args.getFirst())) {
      Thread.ofPlatform().daemon().name("head-start").start(HeadStart::judge);
    }
  }

  private static void judge() {
    KubeletConfig.judge(DOCUMENT.getBytes(StandardCharsets.UTF_8), KubeletVersion.newest());
  }
}
