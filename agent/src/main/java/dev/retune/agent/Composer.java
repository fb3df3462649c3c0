package dev.retune.agent;

import dev.retune.agent.core.Assignment;
import dev.retune.agent.core.Document;
import dev.retune.agent.core.Payload;
import dev.retune.agent.core.Ruling.Refused;
import dev.retune.agent.core.Ruling.Stage;
import dev.retune.agent.node.DocumentJudge;
import dev.retune.agent.node.LocalKubelet;
import dev.retune.api.Composition;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.Overlay;
import dev.retune.kubelet.RelativePaths;
import dev.retune.kubelet.document.UnreadableException;
import dev.retune.kubelet.flags.TextFile;
import dev.retune.kubelet.kubeadm.KubeadmConfig;
import dev.retune.kubelet.kubeadm.NodeParts;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Makes of an assigned document what the kubelet is to be given (AGENT-9): the document itself; for
 * an overlay the local config with the document over it; of kubeadm's own ConfigMap what kubeadm
 * makes of it on this node. The result is a function of the document, the node's own files and the
 * kubelet's version; the last one is remembered.
 */
final class Composer {
  private Optional<Question> asked = Optional.empty();
  private Payload answer = new Payload.Pending();

  /** All that the answer depends on. */
  private record Question(
      Payload.Found found, LocalKubelet local, Composition composition, KubeletVersion version) {}

  Payload compose(
      Payload payload,
      Optional<Assignment> assignment,
      LocalKubelet local,
      KubeletVersion version) {
    if (!(payload instanceof Payload.Found found)
        || found.document().isEmpty()
        || assignment.isEmpty()) {
      return payload;
    }
    var composition = assignment.get().composition();
    boolean ofKubeadm = assignment.get().source().filter(Composer::isKubeadms).isPresent();
    if (composition == Composition.Replace && !ofKubeadm) {
      return payload;
    }
    var question = Optional.of(new Question(found, local, composition, version));
    if (!question.equals(asked)) {
      answer =
          switch (composition) {
            case Replace -> ofKubeadm(found, found.document().get(), local.parts());
            case Overlay -> overlay(found, found.document().get(), local, version);
          };
      asked = question;
    }
    return answer;
  }

  /**
   * kubeadm's own ConfigMap: {@code kubelet-config}, with the minor behind it up to 1.23 ({@code
   * kubelet-config-1.23}).
   */
  private static boolean isKubeadms(ConfigMapNodeConfigSource source) {
    return source.namespace().equals("kube-system")
        && (source.name().equals("kubelet-config") || source.name().startsWith("kubelet-config-1."))
        && source.kubeletConfigKey().equals("kubelet");
  }

  /** It is the cluster's; a node's own parts are added to it on the node. */
  private static Payload ofKubeadm(Payload.Found found, Document cluster, NodeParts parts) {
    try {
      byte[] composed = KubeadmConfig.compose(cluster.bytes(), parts);
      var document = Document.of(new String(composed, StandardCharsets.UTF_8));
      return document.hash().equals(cluster.hash())
          ? found
          : new Payload.Found(
              found.uid(),
              found.resourceVersion(),
              Optional.of(document.mergedFrom(cluster.text())));
    } catch (UnreadableException unreadable) {
      return refused(
          found,
          cluster,
          new Refused(
              Stage.LOAD,
              "CannotBeMerged",
              "this node's own settings cannot be added to the cluster's config: "
                  + unreadable.getMessage()));
    }
  }

  private Payload overlay(
      Payload.Found found, Document overlay, LocalKubelet local, KubeletVersion version) {
    // What the local config has and this kubelet does not know, the kubelet has gone on without; a
    // person who writes an overlay wants to hear of a slip.
    var slip = DocumentJudge.slipIn(overlay, version);
    if (slip.isPresent()) {
      return refused(found, overlay, slip.get());
    }
    if (local.config().isEmpty()) {
      return refused(
          found,
          overlay,
          new Refused(
              Stage.VALIDATE,
              "NoLocalConfig",
              "an overlay needs a local config to be merged over, and the kubelet's cannot be read"
                  + (local.problems().isEmpty()
                      ? ": its command line has no --config"
                      : ": " + String.join("; ", local.problems()))
                  + "; mend it, or use composition: Replace with a whole config"));
    }
    TextFile base = local.config().get();
    try {
      byte[] merged = Overlay.merge(absolute(base), overlay.bytes(), version);
      var document = Document.of(new String(merged, StandardCharsets.UTF_8));
      return new Payload.Found(
          found.uid(), found.resourceVersion(), Optional.of(document.mergedFrom(overlay.text())));
    } catch (UnreadableException unreadable) {
      return refused(
          found,
          overlay,
          new Refused(
              Stage.LOAD,
              "CannotBeMerged",
              "the document cannot be merged over "
                  + base.name()
                  + ": "
                  + unreadable.getMessage()));
    }
  }

  /** What is merged lies in another directory than the local config. */
  private static byte[] absolute(TextFile base) throws UnreadableException {
    return RelativePaths.absolute(
        base.text().getBytes(StandardCharsets.UTF_8), RelativePaths.directory(base.name()));
  }

  private static Payload refused(Payload.Found found, Document document, Refused ruling) {
    return new Payload.NotMerged(found.uid(), found.resourceVersion(), document, ruling);
  }
}
