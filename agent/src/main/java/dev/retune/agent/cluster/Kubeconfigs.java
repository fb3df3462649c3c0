package dev.retune.agent.cluster;

import dev.retune.kube.KubeConfig;
import dev.retune.kube.KubeConfigException;
import dev.retune.kube.YamlFormatException;
import dev.retune.kubelet.document.Document;
import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.document.UnreadableException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the node's kubeconfig with the reader of kubelet configs, which is there anyway: an agent
 * keeps no second reader of YAML in its memory for the few lines that it reads once.
 */
public final class Kubeconfigs {
  private Kubeconfigs() {}

  /**
   * The current context of a kubeconfig.
   *
   * @throws KubeConfigException when it cannot be used
   */
  public static KubeConfig load(Path file) throws KubeConfigException {
    return KubeConfig.load(file, Optional.empty(), Kubeconfigs::tree);
  }

  private static @Nullable Object tree(String text) {
    try {
      return tree(Document.read(text.getBytes(StandardCharsets.UTF_8)).root());
    } catch (UnreadableException unreadable) {
      throw new YamlFormatException(String.valueOf(unreadable.getMessage()));
    }
  }

  private static @Nullable Object tree(Node node) {
    return switch (node) {
      case Node.Null _ -> null;
      case Node.Bool bool -> bool.value();
      case Node.Numeral number -> number.text();
      case Node.Text text -> text.value();
      case Node.Sequence list -> {
        List<@Nullable Object> elements = new ArrayList<>();
        list.elements().forEach(element -> elements.add(tree(element)));
        yield elements;
      }
      case Node.Mapping object -> {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        object.entries().forEach(entry -> entries.put(entry.key(), tree(entry.value())));
        yield entries;
      }
    };
  }
}
