package dev.retune.kubelet.flags;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kubelet.Judgement;
import dev.retune.kubelet.KubeletConfig;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.Target;
import dev.retune.kubelet.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whatever stands in the files of a service, there is a command line, and it is judged. */
class FlagsFuzzTest {

  private static final byte[] DOCUMENT =
      "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nmaxPods: 5\n"
          .getBytes(StandardCharsets.UTF_8);
  private static final List<String> PIECES =
      List.of(
          "[Service]\n",
          "[Install]\n",
          "Environment=",
          "EnvironmentFile=-/e\n",
          "ExecStart=",
          "ExecStart=\n",
          "/usr/bin/kubelet ",
          "$A ",
          "${A}",
          "$$",
          "$",
          "A=",
          "B=",
          "\"",
          "'",
          "\\",
          "\\\n",
          "\n",
          " ",
          "#",
          ";",
          "--max-pods=",
          "--max-pods ",
          "110",
          "-v",
          "--v=",
          "0x",
          "--",
          "-",
          "--feature-gates=",
          "\nExecStart=/k --max-pods=-1 $A --fail-swap-on=0 ",
          "\nExecStart=/k --feature-gates=NoSuchGate=true ",
          "NodeSwap=true",
          ",",
          "--eviction-hard=memory.available<",
          "1Gi",
          "--reserved-memory=0:memory=1Gi;",
          "--register-with-taints=a=b:",
          "NoSchedule",
          "--vmodule=a=",
          "--no-such-flag ",
          "--fail-swap-on ",
          "--manifest-url-header=a:",
          "\u00e9",
          "--log-flush-frequency=5s ",
          "\0");

  @Test
  @DisplayName("AGENT-19 10,000 garbled services are read and judged, in every version")
  void garbled() {
    List<Verdict> verdicts = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      Random random = new Random(i);
      KubeletVersion version =
          KubeletVersion.known().get(random.nextInt(KubeletVersion.known().size()));
      String environment = garble(random);
      ServiceUnit unit =
          ServiceUnit.read(
              List.of(
                  new TextFile("unit", "[Service]\n" + garble(random)),
                  new TextFile("drop-in", garble(random))),
              name -> Optional.of(environment));
      CommandLine commandLine = CommandLine.parse(unit.arguments(), version);
      commandLine.flags().forEach(flag -> assertThat(flag.toString()).contains(flag.value()));
      Judgement judgement = KubeletConfig.judge(DOCUMENT, Target.of(version).with(commandLine));
      verdicts.add(judgement.verdict());
    }
    assertThat(verdicts).contains(Verdict.VALID, Verdict.INVALID, Verdict.GATES);
  }

  private static String garble(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(30); i >= 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }
}
