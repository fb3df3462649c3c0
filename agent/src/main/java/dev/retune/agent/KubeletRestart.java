package dev.retune.agent;

import dev.retune.agent.core.Config;
import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.agent.core.Config.Local;
import dev.retune.agent.core.Document;
import dev.retune.agent.core.Effect;
import dev.retune.agent.node.DocumentJudge;
import dev.retune.agent.node.KubeletProcess;
import dev.retune.agent.node.LocalKubelet;
import dev.retune.agent.node.ManagerStateFiles;
import dev.retune.agent.node.ServiceManager;
import dev.retune.agent.node.Surroundings;
import dev.retune.agent.store.ConfigStore;
import dev.retune.kubelet.flags.Argument;
import dev.retune.kubelet.flags.TextFile;
import dev.retune.kubelet.start.StateFile;
import dev.retune.kubelet.start.StateFiles;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Restarts the kubelet, with its state files moved in between where the new config needs it
 * (AGENT-10, AGENT-18).
 */
final class KubeletRestart {
  private static final Logger LOG = System.getLogger(KubeletRestart.class.getName());
  private static final Path DEFAULT_DIRECTORY = Path.of("/var/lib/kubelet");

  private final ServiceManager services;
  private final ConfigStore store;
  private final DocumentJudge judge;

  KubeletRestart(ServiceManager services, ConfigStore store, DocumentJudge judge) {
    this.services = services;
    this.store = store;
    this.judge = judge;
  }

  /**
   * A restart that the service manager refuses is no reason to stop: the proof will be missing. And
   * whatever becomes of the state files, the kubelet is started.
   *
   * @param surroundings what the kubelet will be started with besides its config
   */
  void restart(Effect.RestartKubelet change, LocalKubelet local, Surroundings surroundings)
      throws InterruptedException {
    var files = new ManagerStateFiles(directory(surroundings.arguments()));
    var target = effective(change.target(), local, surroundings);
    var good = effective(change.lastKnownGood(), local, surroundings);
    var running =
        change.running().sameContent(change.lastKnownGood())
            ? good
            : effective(change.running(), local, surroundings);
    var moves =
        files.moves(
            change.target().sameContent(change.lastKnownGood()),
            unlike(good, target),
            unlike(running, target));
    try {
      if (!moves.isEmpty()) {
        services.stop();
        moves.make();
      }
    } catch (IOException failed) {
      LOG.log(Level.ERROR, "state files were not moved: " + failed.getMessage(), failed);
    }
    try {
      services.restart();
    } catch (IOException refused) {
      LOG.log(Level.ERROR, "the kubelet was not restarted: " + refused.getMessage(), refused);
    }
  }

  /** Nothing is to be undone any more. */
  void settle(Surroundings surroundings) throws IOException {
    new ManagerStateFiles(directory(surroundings.arguments())).settle();
  }

  /** Of a config that cannot be read nothing is known: its files stay where they are. */
  private static Set<StateFile> unlike(
      Optional<Map<String, @Nullable Object>> before,
      Optional<Map<String, @Nullable Object>> after) {
    return before.isPresent() && after.isPresent()
        ? StateFiles.affected(before.get(), after.get())
        : Set.of();
  }

  private Optional<Map<String, @Nullable Object>> effective(
      Config config, LocalKubelet local, Surroundings surroundings) throws InterruptedException {
    Optional<Document> document =
        switch (config) {
          case Local _ -> local.config().map(TextFile::text).map(Document::of);
          case Checkpoint checkpoint -> store.read(checkpoint);
        };
    return document.isPresent()
        ? Optional.of(judge.judgement(document.get(), surroundings).effective())
        : Optional.empty();
  }

  /** The kubelet's {@code --root-dir}. */
  static Path directory(List<Argument> arguments) {
    var given = KubeletProcess.flags(arguments.stream().map(Argument::text).toList(), "root-dir");
    return given.isEmpty() ? DEFAULT_DIRECTORY : Path.of(given.getLast());
  }
}
