package dev.retune.cli;

import dev.retune.agent.AgentOptions;
import dev.retune.agent.core.Layout;
import dev.retune.agent.node.KubeadmFiles;
import dev.retune.agent.node.KubeletProcess;
import dev.retune.agent.node.LocalKubelet;
import dev.retune.agent.node.LocalKubeletFiles;
import dev.retune.agent.node.UnitFiles;
import dev.retune.agent.store.WayBackPlaces;
import dev.retune.kubelet.Complaint;
import dev.retune.kubelet.Host;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.Target;
import dev.retune.kubelet.effective.EffectiveConfig;
import dev.retune.kubelet.flags.Argument;
import dev.retune.kubelet.flags.CommandLine;
import dev.retune.kubelet.flags.Origin;
import dev.retune.kubelet.flags.TextFile;
import dev.retune.kubelet.kubeadm.NodeParts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a node's kubelet runs with and where that comes from, read from the node's own files.
 *
 * @param version the kubelet whose rules are applied
 * @param executable the kubelet
 * @param process the one that runs; empty when none was seen
 * @param commandLine its flags, or those that its unit would give it
 * @param config the file of its {@code --config}; empty when it has none or it cannot be read
 * @param local the file it would have without Retune
 * @param byRetune whether that is another one, because a config of Retune's is active
 * @param dropIns the files it merges over that
 * @param node what kubeadm adds to the cluster's config on this node
 * @param effective what comes of all of them; empty when the config cannot be read
 * @param problems what a person should know, the kubelet's complaints included
 */
record NodeView(
    KubeletVersion version,
    String executable,
    Optional<KubeletProcess> process,
    CommandLine commandLine,
    Optional<TextFile> config,
    Optional<TextFile> local,
    boolean byRetune,
    List<TextFile> dropIns,
    NodeParts node,
    Optional<EffectiveConfig> effective,
    List<String> problems) {

  /** Between a document and what the agent made of it and the local config (its Layout). */
  private static final String MERGED = "+local-";

  /**
   * Reads a node.
   *
   * @param root the node's file system
   * @param process the running kubelet; empty when there is none, or only files to look at
   */
  static NodeView read(
      Path root,
      AgentOptions options,
      KubeletVersion version,
      Host host,
      Optional<KubeletProcess> process) {
    var layout = new Layout(options.directory());
    var kubeadm = new KubeadmFiles(root, options.kubeadmPatches());
    var withRetune =
        new LocalKubeletFiles(UnitFiles.withRetune(root, options.kubeletUnit()), Set.of(), kubeadm);
    var withoutRetune =
        new LocalKubeletFiles(
            new UnitFiles(root, options.kubeletUnit()),
            Set.of(layout.environmentFile(), WayBackPlaces.of(layout).override()),
            kubeadm);
    var problems = new ArrayList<String>();
    var started = withRetune.read();
    var running =
        process.map(found -> follow(withRetune, started, found, problems)).orElse(started);
    problems.addAll(running.problems());
    var local = withoutRetune.read().config();
    var flags = CommandLine.parse(afterWrapper(running.arguments()), version);
    flags.problems().forEach(problem -> problems.add(problem.toString()));
    boolean byRetune =
        running.config().isPresent()
            && !running.config().map(TextFile::name).equals(local.map(TextFile::name));
    var node = running.parts();
    var effective = Optional.<EffectiveConfig>empty();
    if (running.config().isPresent() || flags.last("config").isEmpty()) {
      effective =
          Optional.of(
              EffectiveConfig.of(
                  running.config(),
                  parts(root, running.config(), local, byRetune, node),
                  new Target(version, flags, host, running.dropIns())));
    }
    effective
        .map(EffectiveConfig::complaints)
        .orElse(List.of())
        .forEach(complaint -> problems.add(text(complaint, running.config())));
    return new NodeView(
        version,
        running.executable(),
        process,
        flags,
        running.config(),
        local,
        byRetune,
        running.dropIns(),
        node,
        effective,
        List.copyOf(problems));
  }

  /** What runs is what counts; the files tell where its words come from. */
  private static LocalKubelet follow(
      LocalKubeletFiles files,
      LocalKubelet started,
      KubeletProcess process,
      List<String> problems) {
    List<String> words = process.commandLine();
    var arguments = started.traced(words.subList(Math.min(1, words.size()), words.size()));
    var left = new ArrayList<>(started.arguments());
    arguments.forEach(left::remove);
    boolean same =
        left.isEmpty() && arguments.stream().noneMatch(a -> a.origin().equals(Origin.COMMAND_LINE));
    if (!same && !started.executable().isEmpty()) {
      problems.add(
          "the running kubelet was started with other arguments than its unit gives it now"
              + changed(" with ", arguments)
              + changed(" without ", left)
              + "; its next start will change that");
    }
    return files.follow(started.executable(), arguments);
  }

  private static String changed(String how, List<Argument> arguments) {
    var words =
        arguments.stream()
            .filter(argument ->
                how.equals(" without ") || argument.origin().equals(Origin.COMMAND_LINE))
            .map(Argument::text)
            .toList();
    return words.isEmpty() ? "" : "," + how + String.join(" ", words);
  }

  /** A wrapper may put words of its own before the kubelet's first flag. */
  private static List<Argument> afterWrapper(List<Argument> arguments) {
    return arguments.stream().dropWhile(argument -> !argument.text().startsWith("-")).toList();
  }

  /** The files that the config was put together from, as far as that can be told. */
  private static List<TextFile> parts(
      Path root,
      Optional<TextFile> config,
      Optional<TextFile> local,
      boolean byRetune,
      NodeParts node) {
    var parts = new ArrayList<TextFile>();
    String name = config.map(TextFile::name).orElse("");
    int merged = name.lastIndexOf(MERGED);
    if (byRetune && merged > 0) {
      local.ifPresent(parts::add);
      document(root, name.substring(0, merged)).ifPresent(parts::add);
    }
    if (merged > 0 || name.equals(KubeadmFiles.CONFIG.toString())) {
      parts.addAll(node.patches());
      node.instanceConfig().ifPresent(parts::add);
    }
    return parts;
  }

  private static Optional<TextFile> document(Path root, String name) {
    try {
      return Optional.of(
          new TextFile(name, Files.readString(root.resolve(name.replaceFirst("^/+", "")))));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private static String text(Complaint complaint, Optional<TextFile> config) {
    var where =
        complaint.line() > 0
            ? config.map(TextFile::name).orElse("") + ":" + complaint.line() + " "
            : "";
    var field = complaint.field().isEmpty() ? "" : complaint.field() + ": ";
    return where + field + complaint.message();
  }
}
