package dev.retune.agent.core;

import dev.retune.api.ConfigMapNodeConfigSource;

/** A config that a kubelet can be started with. */
public sealed interface Config {

  /** What the kubelet uses without Retune: its own {@code --config} file, flags and drop-ins. */
  record Local() implements Config {}

  /**
   * A downloaded document on the node's disk.
   *
   * @param source the exact version of the ConfigMap that it was downloaded from; names the file
   * @param hash SHA-256 in lower-case hex of what the kubelet is given: the identity of the config
   *     (AGENT-4)
   * @param merged whether that was made of the document and the node's own files (AGENT-9), and
   *     lies beside the document
   */
  record Checkpoint(ConfigMapNodeConfigSource source, String hash, boolean merged)
      implements Config {

    /** A document that the kubelet is given as it is. */
    public Checkpoint(ConfigMapNodeConfigSource source, String hash) {
      this(source, hash, false);
    }
  }

  /** Hash of the document; {@link NodeState.BadContent#LOCAL} for the local config. */
  default String contentHash() {
    return switch (this) {
      case Local _ -> NodeState.BadContent.LOCAL;
      case Checkpoint checkpoint -> checkpoint.hash();
    };
  }

  /** AGENT-4: two configs are the same when their documents are the same bytes. */
  default boolean sameContent(Config other) {
    return switch (this) {
      case Local _ -> other instanceof Local;
      case Checkpoint checkpoint ->
          other instanceof Checkpoint same && checkpoint.hash().equals(same.hash());
    };
  }
}
