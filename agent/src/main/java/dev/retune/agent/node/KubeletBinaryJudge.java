package dev.retune.agent.node;

import dev.retune.agent.core.Document;
import dev.retune.kube.Json;
import dev.retune.kube.JsonFormatException;
import dev.retune.kube.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Starts the node's kubelet with the candidate and a kubeconfig that cannot exist: it decodes,
 * defaults and validates the config, and then ends because it finds no kubeconfig. Measured on
 * kubelets 1.20 and 1.36: it creates files in the two throw-away directories only, binds no port
 * and signals no process.
 */
public final class KubeletBinaryJudge implements BinaryJudge {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int MOST_WORDS = 4096;

  /** The pass is recognised by this path, whatever words a kubelet puts before it. */
  private static final String NO_KUBECONFIG = "/nonexistent/kubeconfig";

  /**
   * Flags of the real command line that would let the candidate touch the node, above all {@code
   * --bootstrap-kubeconfig}: with it a kubelet goes on to the API server to ask for a certificate.
   */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "config",
          "kubeconfig",
          "bootstrap-kubeconfig",
          "root-dir",
          "cert-dir",
          "lock-file",
          "exit-on-lock-contention",
          "log-file",
          "log-dir",
          "logtostderr",
          "alsologtostderr",
          "logging-format",
          "v",
          "vmodule",
          "hostname-override");

  /** Stands in the kubelet's words for the path of the file that it was given. */
  private static final String CANDIDATE = "<candidate>";

  /** Those of them that have no value, so that the next argument is a flag of its own. */
  private static final Set<String> SWITCHES =
      Set.of("exit-on-lock-contention", "logtostderr", "alsologtostderr");

  private final Path binary;
  private final Duration limit;

  public KubeletBinaryJudge(Path binary) {
    this(binary, LIMIT);
  }

  KubeletBinaryJudge(Path binary, Duration limit) {
    this.binary = binary;
    this.limit = limit;
  }

  @Override
  public Answer judge(Document document, List<String> kubeletArguments)
      throws InterruptedException {
    try {
      Path scratch = Files.createTempDirectory("retune-judge-");
      try {
        Path candidate = Files.write(scratch.resolve("config"), document.bytes());
        var command = new ArrayList<String>();
        command.add(binary.toString());
        command.addAll(harmless(kubeletArguments));
        command.add("--config=" + candidate);
        command.add("--kubeconfig=" + NO_KUBECONFIG);
        command.add("--root-dir=" + Files.createDirectory(scratch.resolve("root")));
        command.add("--cert-dir=" + Files.createDirectory(scratch.resolve("pki")));
        command.add("--hostname-override=retune-judge");
        var outcome = Commands.run(command, environment(scratch), limit);
        return read(
            new Commands.Outcome(
                outcome.exitCode(), outcome.output().replace(candidate.toString(), CANDIDATE)));
      } finally {
        delete(scratch);
      }
    } catch (IOException noAnswer) {
      return new Answer.None(String.valueOf(noAnswer.getMessage()));
    }
  }

  /** The kubelet tries a mount in TMPDIR; 1.28 and 1.29 take --config-dir only with the second. */
  private static Map<String, String> environment(Path scratch) {
    return Map.of("TMPDIR", scratch.toString(), "KUBELET_CONFIG_DROPIN_DIR_ALPHA", "on");
  }

  /**
   * The arguments without those that are left out; values may follow after {@code =} or a space.
   */
  static List<String> harmless(List<String> arguments) {
    var kept = new ArrayList<String>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      String flag =
          (equals < 0 ? argument : argument.substring(0, equals))
              .replaceFirst("^--?", "")
              .replace('_', '-');
      if (!argument.startsWith("-") || !LEFT_OUT.contains(flag)) {
        kept.add(argument);
      } else if (equals < 0
          && !SWITCHES.contains(flag)
          && i + 1 < arguments.size()
          && !arguments.get(i + 1).startsWith("-")) {
        i++;
      }
    }
    return kept;
  }

  /**
   * What its words mean. All of the output is looked at: kubelets up to 1.20 print a stack trace
   * after the error. Only a config that passed gets as far as the kubeconfig.
   */
  static Answer read(Commands.Outcome outcome) {
    List<String> lines = outcome.output().lines().map(KubeletBinaryJudge::words).toList();
    var unreadable =
        any(lines, "failed to load kubelet config file")
            .or(() -> any(lines, "failed to load Kubelet config file"))
            .or(() -> any(lines, "failed to merge kubelet configs"));
    if (unreadable.isPresent()) {
      return new Answer.CannotLoad(unreadable.get());
    }
    var refused =
        any(lines, "failed to validate kubelet configuration")
            .or(() -> any(lines, "unrecognized feature gate"))
            .or(() -> any(lines, "cannot set feature gate"));
    if (refused.isPresent()) {
      return new Answer.CannotValidate(refused.get());
    }
    // A kubelet that logs its flags names the path too, and has not come to it yet.
    if (lines.stream().anyMatch(line -> line.contains(NO_KUBECONFIG) && !line.contains("FLAG:"))) {
      return new Answer.Pass();
    }
    String last = lines.isEmpty() ? "no output" : lines.getLast();
    return new Answer.None("exit code " + outcome.exitCode() + ", " + last);
  }

  private static Optional<String> any(List<String> lines, String words) {
    return lines.stream().filter(line -> line.contains(words)).findFirst();
  }

  /** A line of klog, as text or as JSON, without header and wrapping: for people. */
  private static String words(String line) {
    String text = line;
    if (line.startsWith("{")) {
      try {
        var entry = Json.parseObject(line.getBytes(StandardCharsets.UTF_8));
        text = Tree.string(entry, "err").or(() -> Tree.string(entry, "msg")).orElse(line);
      } catch (JsonFormatException noLogEntry) {
        text = line;
      }
    }
    text =
        text.replaceFirst("^[IWEF]\\d{4} [\\d:.]+ +\\d+ [^\\]]+\\] ", "")
            .replaceFirst("^\"command failed\" err=", "");
    if (text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")) {
      text = text.substring(1, text.length() - 1).replace("\\\"", "\"").replace("\\n", "\n");
    }
    return text.length() <= MOST_WORDS ? text : text.substring(0, MOST_WORDS) + "…";
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
