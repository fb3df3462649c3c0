package dev.retune.agent.store;

import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.kube.Tree;
import dev.retune.kube.Yaml;
import dev.retune.kube.YamlFormatException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a kubelet 1.11 to 1.23 left in its {@code --dynamic-config-dir}: {@code store/meta/assigned}
 * and {@code store/meta/last-known-good}, each a {@code SerializedNodeConfigSource} of {@code
 * kubelet.config.k8s.io/v1beta1}, or an empty file for the local config.
 */
final class EarlierKubelet {
  private static final String KIND = "SerializedNodeConfigSource";

  private EarlierKubelet() {}

  /** The source in such a file; empty for the local config, and for anything else. */
  static Optional<ConfigMapNodeConfigSource> source(byte[] file) {
    Map<String, @Nullable Object> tree;
    try {
      tree = Yaml.parseObject(new String(file, StandardCharsets.UTF_8));
    } catch (YamlFormatException damaged) {
      return Optional.empty();
    }
    if (!Tree.string(tree, "kind").equals(Optional.of(KIND))) {
      return Optional.empty();
    }
    var source =
        new ConfigMapNodeConfigSource(
            part(tree, "namespace"),
            part(tree, "name"),
            part(tree, "uid"),
            part(tree, "resourceVersion"),
            part(tree, "kubeletConfigKey"));
    return source.uid().isEmpty()
            || source.resourceVersion().isEmpty()
            || source.kubeletConfigKey().isEmpty()
        ? Optional.empty()
        : Optional.of(source);
  }

  private static String part(Map<String, @Nullable Object> tree, String name) {
    return Tree.string(tree, "source", "configMap", name).orElse("");
  }
}
