package dev.retune.cli;

import dev.retune.cli.playground.Playground;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Walks through what people wait for, so that the JVM can write down the classes it loaded and
 * linked on the way ({@code -XX:AOTCacheOutput}, JEP 514) and the next start finds them ready.
 */
final class Training {
  private static final String DOCUMENT =
      """
      apiVersion: kubelet.config.k8s.io/v1beta1
      kind: KubeletConfiguration
      maxPods: 110
      evictionHard: {memory.available: 100Mi}
      """;

  private Training() {}

  /** Runs the walk; fails when a command of it does. */
  public static void main(String[] args) throws IOException {
    run(Map.of(), "--help");
    run(Map.of(), "push", "--help");
    run(Map.of(), "validate", "-");
    run(Map.of(), "validate", "-", "-o", "json");
    try (var playground = Playground.start(Optional.empty(), 0, 0)) {
      var env = Map.of("KUBECONFIG", playground.sandbox().adminKubeconfig().toString());
      run(env, "push", "my-node-config", "--from-file", "kubelet=-");
      run(env, "push", "my-node-config", "--from-file", "kubelet=-", "-o", "yaml");
      run(env, "status", "-o", "wide");
    }
  }

  private static void run(Map<String, String> env, String... args) {
    var nowhere = new PrintWriter(Writer.nullWriter());
    var in = new ByteArrayInputStream(DOCUMENT.getBytes(StandardCharsets.UTF_8));
    int exitCode =
        Main.run(List.of(args), new Console(nowhere, nowhere, in, env, Path.of(""), false, false));
    if (exitCode != ExitCode.DONE) {
      throw new IllegalStateException(String.join(" ", args) + " ended with " + exitCode);
    }
  }
}
