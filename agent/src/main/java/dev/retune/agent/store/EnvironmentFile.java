package dev.retune.agent.store;

import java.nio.file.Path;

/**
 * The activation file (AGENT-8), in the form of systemd.exec(5) {@code EnvironmentFile=}. {@code
 * KUBELET_CONFIG_ARGS} is what kubeadm's drop-in uses; {@code RETUNE_KUBELET_ARGS} is what Retune's
 * drop-in appends for all other units.
 */
final class EnvironmentFile {

  private static final String VARIABLE = "KUBELET_CONFIG_ARGS=--config=";

  private EnvironmentFile() {}

  static String text(Path config) {
    return """
    # Written by Retune. To go back to the kubelet's local config, delete this file and restart the kubelet.
    KUBELET_CONFIG_ARGS=--config=%1$s
    RETUNE_KUBELET_ARGS=--config=%1$s
    """
        .formatted(config);
  }

  /** The config that such a text names; an empty path when it names none. */
  static Path config(String text) {
    return text.lines()
        .filter(line -> line.startsWith(VARIABLE))
        .map(line -> Path.of(line.substring(VARIABLE.length())))
        .reduce((first, last) -> last)
        .orElse(Path.of(""));
  }
}
