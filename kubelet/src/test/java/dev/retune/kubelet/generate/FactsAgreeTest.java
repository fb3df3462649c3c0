package dev.retune.kubelet.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.document.UnreadableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The resources of the module are what the generator makes of the facts. */
class FactsAgreeTest {

  private static final Path MODULE =
      Path.of(Objects.requireNonNull(System.getProperty("retune.root")), "kubelet");

  /**
   * After a change of the facts: {@code ./mvnw -pl kubelet test -Dretune.write-facts=true
   * -Dtest=FactsAgreeTest}.
   */
  @Test
  @DisplayName("KUBELET-1 The resources of every version are what the facts say")
  void resourcesAreTheFacts() throws IOException, UnreadableException {
    Map<String, String> facts = GenerateFacts.generate(MODULE.resolve("facts"));
    Path resources = MODULE.resolve("src/main/resources/dev/retune/kubelet/facts");
    Map<String, String> found = new TreeMap<>();
    for (Map.Entry<String, String> fact : facts.entrySet()) {
      Path resource = resources.resolve(fact.getKey());
      if (Boolean.getBoolean("retune.write-facts")) {
        Files.writeString(resource, fact.getValue());
      }
      found.put(fact.getKey(), Files.exists(resource) ? Files.readString(resource) : "missing");
    }
    assertThat(found).isEqualTo(new TreeMap<>(facts));
  }

  @Test
  @DisplayName("KUBELET-1 Known are the versions from the first to the last fact, without a gap")
  void versionsHaveNoGap() {
    int minor = KubeletVersion.oldest().minor();
    for (KubeletVersion version : KubeletVersion.known()) {
      assertThat(version).isEqualTo(new KubeletVersion(minor++));
    }
    assertThat(KubeletVersion.oldest()).isEqualTo(new KubeletVersion(25));
    assertThat(KubeletVersion.newest()).isEqualTo(KubeletVersion.known().getLast());
  }

  @Test
  @DisplayName("KUBELET-1 A new minor is known once its facts are dropped in")
  void newMinor(@TempDir Path facts) throws IOException, UnreadableException {
    int newest = KubeletVersion.newest().minor();
    for (String file : List.of("schema/1.%d.json", "defaults/1.%d.json", "gates/1.%d.jsonl")) {
      for (int minor = KubeletVersion.oldest().minor(); minor <= newest + 1; minor++) {
        Path from = MODULE.resolve("facts").resolve(file.formatted(Math.min(minor, newest)));
        Path to = facts.resolve(file.formatted(minor));
        Files.createDirectories(Objects.requireNonNull(to.getParent()));
        Files.copy(from, to);
      }
    }
    Files.copy(MODULE.resolve("facts/hazards.json"), facts.resolve("hazards.json"));
    Map<String, String> resources = GenerateFacts.generate(facts);

    assertThat(resources.get("versions.txt"))
        .endsWith("1." + newest + "\n1." + (newest + 1) + "\n");
    assertThat(resources.get("1." + (newest + 1) + ".txt"))
        .isEqualTo(resources.get("1." + newest + ".txt"));
  }
}
