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

  /**
   * What the kubelet will be started with, by the unit's files; where they tell nothing, what it
   * was started with last.
   */
  Surroundings surroundings(Optional<KubeletProcess> lastSeen) {
    return new Surroundings(
        local.arguments().isEmpty()
            ? Argument.ofCommandLine(lastSeen.map(KubeletProcess::arguments).orElse(List.of()))
            : local.arguments(),
        local.dropIns());
  }

  /**
   * Stands for all that the judge's answer depends on besides the document.
   *
   * @param version of the kubelet
   * @param retry what an administrator asked for (AGENT-14)
   * @param lacking whether the answer was that the node lacks something: that is asked again now
   *     and then
   */
  String circumstances(
      String version, Optional<KubeletProcess> lastSeen, String retry, boolean lacking) {
    if (!lacking) {
      againAt = System.nanoTime() + LOOK_AGAIN.toNanos();
    } else if (System.nanoTime() - againAt >= 0) {
      lookedAgain++;
      againAt = System.nanoTime() + LOOK_AGAIN.toNanos();
    }
    var parts = new ArrayList<String>(List.of(version, retry, Long.toString(lookedAgain)));
    surroundings(lastSeen).arguments().forEach(argument -> parts.add(argument.text()));
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
