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
   * @param hash SHA-256 of the document in lower-case hex: the identity of the config (AGENT-4)
   */
  record Checkpoint(ConfigMapNodeConfigSource source, String hash) implements Config {}

  /** Hash of the document; {@link NodeState.BadContent#LOCAL} for the local config. */
  default String contentHash() {
    return switch (this) {
      case Local _ -> NodeState.BadContent.LOCAL;
      case Checkpoint(_, String hash) -> hash;
    };
  }

  /** AGENT-4: two configs are the same when their documents are the same bytes. */
  default boolean sameContent(Config other) {
    return switch (this) {
      case Local _ -> other instanceof Local;
      case Checkpoint(_, String hash) ->
          other instanceof Checkpoint(_, String otherHash) && hash.equals(otherHash);
    };
  }
}
