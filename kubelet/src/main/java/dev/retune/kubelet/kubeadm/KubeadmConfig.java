package dev.retune.kubelet.kubeadm;

import dev.retune.kubelet.Header;
import dev.retune.kubelet.document.Document;
import dev.retune.kubelet.document.JsonWriter;
import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.document.Node.Mapping;
import dev.retune.kubelet.document.UnreadableException;
import dev.retune.kubelet.flags.TextFile;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a node's configuration of the cluster's, as {@code kubeadm join} and {@code kubeadm upgrade
 * node} do when they write {@code /var/lib/kubelet/config.yaml} ({@code WriteConfigToDisk} in
 * {@code cmd/kubeadm/app/phases/kubelet/config.go}): first the resolver of a node that runs
 * systemd-resolved, when none is named ({@code mutateResolverConfig}), then the patches, last the
 * instance config.
 */
public final class KubeadmConfig {

  private static final String RESOLVED = "/run/systemd/resolve/resolv.conf";

  private KubeadmConfig() {}

  /**
   * The node's document. When the node adds nothing it is the cluster's, byte for byte; else JSON.
   *
   * @param cluster the value of the key {@code kubelet} of {@code kube-system/kubelet-config}
   * @throws UnreadableException when it, or something of the node's, cannot be read or applied; the
   *     reason names the file
   */
  public static byte[] compose(byte[] cluster, NodeParts node) throws UnreadableException {
    Mapping original;
    try {
      original = Header.check(Document.read(cluster).root());
    } catch (UnreadableException e) {
      throw new UnreadableException(
          "the cluster's kubelet configuration: " + e.reason(), e.line(), e.column());
    }
    Mapping document = original;
    if (node.resolved()) {
      document = withResolver(document);
    }
    for (TextFile file : node.patches()) {
      for (Patch patch : Patch.of(file)) {
        document = patch.apply(document);
      }
    }
    if (node.instanceConfig().isPresent()) {
      for (Patch patch : Patch.strategic(node.instanceConfig().get())) {
        document = patch.apply(document);
      }
    }
    return document.equals(original) ? cluster : JsonWriter.write(document);
  }

  private static Mapping withResolver(Mapping document) {
    if (document.entries().stream().anyMatch(entry -> entry.key().equals("resolvConf"))) {
      return document;
    }
    List<Node.Entry> entries = new ArrayList<>(document.entries());
    entries.add(new Node.Entry("resolvConf", new Node.Text(RESOLVED, 0, 0), 0, 0));
    return new Mapping(entries, document.line(), document.column());
  }
}
