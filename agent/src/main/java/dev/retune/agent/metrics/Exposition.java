package dev.retune.agent.metrics;

import dev.retune.api.NodeConfigSource;
import dev.retune.api.NodeKubeletStatus;
import dev.retune.api.Phase;
import java.util.Optional;

/**
 * A status in the Prometheus text format 0.0.4. The {@code kubelet_node_config_*} metrics are those
 * of kubelets 1.11–1.23 (Kubernetes 1.20, pkg/kubelet/metrics), labels included.
 */
final class Exposition {
  private Exposition() {}

  static String of(NodeKubeletStatus status) {
    var text = new StringBuilder();
    source(
        text,
        "kubelet_node_config_assigned",
        "The config the node should use. Always 1.",
        status.config().assigned());
    source(
        text,
        "kubelet_node_config_active",
        "The config the running kubelet was started with. Always 1.",
        status.config().active());
    source(
        text,
        "kubelet_node_config_last_known_good",
        "The config the node would fall back to. Always 1.",
        status.config().lastKnownGood());
    family(
        text,
        "kubelet_node_config_error",
        "gauge",
        "1 while something is wrong with the assigned config, else 0.");
    sample(text, "kubelet_node_config_error", "", status.config().error().isEmpty() ? 0 : 1);
    family(
        text,
        "retune_kubelet_restarts_total",
        "counter",
        "How often the agent has restarted the kubelet, ever.");
    sample(text, "retune_kubelet_restarts_total", "", status.restartCount());
    family(text, "retune_phase", "gauge", "1 for the phase the node is in, 0 for the others.");
    for (Phase phase : Phase.values()) {
      sample(
          text,
          "retune_phase",
          "phase=\"" + phase + "\"",
          status.phase().equals(Optional.of(phase)) ? 1 : 0);
    }
    return text.toString();
  }

  private static void source(
      StringBuilder text, String name, String help, Optional<NodeConfigSource> source) {
    family(text, name, "gauge", help);
    var configMap = source.flatMap(NodeConfigSource::configMap);
    sample(
        text,
        name,
        "node_config_kubelet_key="
            + quoted(configMap.map(map -> map.kubeletConfigKey()).orElse(""))
            + ",node_config_resource_version="
            + quoted(configMap.map(map -> map.resourceVersion()).orElse(""))
            + ",node_config_source="
            + quoted(configMap.map(map -> map.path()).orElse("local"))
            + ",node_config_uid="
            + quoted(configMap.map(map -> map.uid()).orElse("")),
        1);
  }

  private static void family(StringBuilder text, String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void sample(StringBuilder text, String name, String labels, long value) {
    text.append(name);
    if (!labels.isEmpty()) {
      text.append('{').append(labels).append('}');
    }
    text.append(' ').append(value).append('\n');
  }

  private static String quoted(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
