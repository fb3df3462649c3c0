package dev.retune.agent.core;

import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.agent.core.Config.Local;
import dev.retune.agent.core.Effect.Announce;
import dev.retune.agent.core.Effect.EventType;

/** The texts of the Events on the Node. */
final class Announcements {
  private Announcements() {}

  /** AGENT-10: the Event of kubelets 1.11–1.23, whose text people's alerts match. */
  static Announce restarting(Config target) {
    var message =
        switch (target) {
          case Local _ -> "Kubelet restarting to use local config";
          case Checkpoint(var source, _, _) ->
              "Kubelet restarting to use "
                  + source.path()
                  + ", UID: "
                  + source.uid()
                  + ", ResourceVersion: "
                  + source.resourceVersion()
                  + ", KubeletConfigKey: "
                  + source.kubeletConfigKey();
        };
    return new Announce(EventType.Normal, "KubeletConfigChanged", message);
  }

  static Announce rolledBack(Config from, Config to, String evidence) {
    return new Announce(
        EventType.Warning,
        "KubeletConfigRolledBack",
        "Kubelet config " + name(from) + " failed, going back to " + name(to) + ": " + evidence);
  }

  static Announce stuck(Config config, String evidence) {
    return new Announce(
        EventType.Warning,
        "KubeletConfigFailed",
        "Kubelet does not run with "
            + name(config)
            + " and there is nothing to go back to: "
            + evidence);
  }

  static Announce lastKnownGood(Config config) {
    return new Announce(
        EventType.Normal,
        "KubeletConfigLastKnownGood",
        "Kubelet config " + name(config) + " passed its trial and is the last known good one");
  }

  /** A config as people call it. */
  static String name(Config config) {
    return switch (config) {
      case Local _ -> "local config";
      case Checkpoint(var source, _, _) ->
          source.namespace()
              + "/"
              + source.name()
              + ":"
              + source.kubeletConfigKey()
              + " (resourceVersion "
              + source.resourceVersion()
              + ")";
    };
  }
}
