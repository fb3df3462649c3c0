package dev.retune.agent;

import dev.retune.agent.core.Document;
import dev.retune.agent.node.FileWatch;
import dev.retune.agent.node.KubeletProcess;
import dev.retune.agent.node.LocalKubelet;
import dev.retune.agent.node.Surroundings;
import dev.retune.kubelet.flags.Argument;
import dev.retune.kubelet.flags.TextFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the node's own files make of the kubelet, read when they change (AGENT-17) and not before.
 * Used by the loop's thread only, but for the news that something has changed.
 */
final class LocalEyes implements AutoCloseable {
  /** How soon what the node lacked for a config is looked for again. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(60);

  private final LocalKubelet.Reader reader;
  private final FileWatch watch;
  private volatile boolean changed;
  private LocalKubelet local;
  private LocalKubelet started = LocalKubelet.UNKNOWN;
  private Optional<KubeletProcess> running = Optional.empty();

  /** Whether the files told what the running process was started with. */
  private boolean told;

  private long lookedAgain;
  private long againAt = System.nanoTime();

  /**
   * Reads the files for the first time.
   *
   * @param heard told when one of them has changed
   */
  LocalEyes(LocalKubelet.Reader reader, Runnable heard) throws IOException {
    this.reader = reader;
    this.watch =
        new FileWatch(() -> {
          changed = true;
          heard.run();
        });
    watch.watch(reader.watched());
    this.local = reader.read();
  }

  /** Reads them again if they have changed. */
  LocalKubelet look() {
    if (changed) {
      // What changes while they are read is heard of again.
      changed = false;
      watch.watch(reader.watched());
      local = reader.read();
    }
    return local;
  }

  LocalKubelet local() {
    return local;
  }

  /** Notes what the files are while a process is there that was not there before. */
  void started(KubeletProcess process) {
    running = Optional.of(process);
    started = local;
    told = sameFlags(process.arguments(), local.arguments());
  }

  /** The local config as it was when the process was seen first. */
  Optional<TextFile> startedConfig() {
    return started.config();
  }

  /** What the running process was started with besides its config. */
  Surroundings startedWith() {
    return new Surroundings(
        started.traced(running.map(KubeletProcess::arguments).orElse(List.of())),
        started.dropIns());
  }

  /**
   * What the kubelet will be started with besides its config, by the unit's files. Where they did
   * not tell what the running process was started with (a script in between may have added its
   * own), it is what that one got.
   */
  Surroundings surroundings() {
    boolean asBefore = running.isPresent() && !told;
    return asBefore
        ? new Surroundings(startedWith().arguments(), local.dropIns())
        : new Surroundings(local.arguments(), local.dropIns());
  }

  /** {@code --config} is what Retune itself changes. */
  private static boolean sameFlags(List<String> words, List<Argument> arguments) {
    return withoutConfig(words)
        .equals(withoutConfig(arguments.stream().map(Argument::text).toList()));
  }

  private static List<String> withoutConfig(List<String> words) {
    var others = new ArrayList<String>();
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).equals("--config")) {
        i++;
      } else if (!words.get(i).startsWith("--config=")) {
        others.add(words.get(i));
      }
    }
    return others;
  }

  /**
   * Stands for all that the judge's answer depends on besides the document.
   *
   * @param version of the kubelet
   * @param retry what an administrator asked for (AGENT-14)
   * @param lacking whether the answer was that the node lacks something: that is asked again now
   *     and then
   */
  String circumstances(String version, String retry, boolean lacking) {
    if (!lacking) {
      againAt = System.nanoTime() + LOOK_AGAIN.toNanos();
    } else if (System.nanoTime() - againAt >= 0) {
      lookedAgain++;
      againAt = System.nanoTime() + LOOK_AGAIN.toNanos();
    }
    var parts = new ArrayList<String>(List.of(version, retry, Long.toString(lookedAgain)));
    surroundings().arguments().forEach(argument -> parts.add(argument.text()));
    for (TextFile dropIn : local.dropIns()) {
      parts.add(dropIn.name());
      parts.add(dropIn.text());
    }
    return Document.sha256(String.join("\0", parts).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    watch.close();
  }
}
