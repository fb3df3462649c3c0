package dev.retune.kubelet.facts;

import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.document.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Gates that need other gates. Kubernetes declares and checks them since 1.35 ({@code
 * defaultKubernetesFeatureGateDependencies}); before that any combination passes.
 */
final class GateDependencies {

  private static final KubeletVersion SINCE = new KubeletVersion(35);

  private GateDependencies() {}

  static Map<String, List<String>> of(KubeletVersion version, Set<String> known) {
    if (version.compareTo(SINCE) < 0) {
      return Map.of();
    }
    Map<String, List<String>> dependencies = new TreeMap<>();
    for (Node.Entry entry : Facts.resource("gate-dependencies.json").entries()) {
      List<String> needed = new ArrayList<>();
      if (known.contains(entry.key()) && entry.value() instanceof Node.Sequence names) {
        for (Node name : names.elements()) {
          if (known.contains(Facts.text(name))) {
            needed.add(Facts.text(name));
          }
        }
      }
      if (!needed.isEmpty()) {
        dependencies.put(entry.key(), needed);
      }
    }
    return dependencies;
  }
}
