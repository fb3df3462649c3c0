package dev.retune.cli;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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
  public static void main(String[] args) {
    run("--help");
    run("push", "--help");
    run("validate", "-");
    run("validate", "-", "-o", "json");
    run("push", "my-node-config", "--from-file", "kubelet=-", "--dry-run=client", "-o", "yaml");
    run("version");
  }

  private static void run(String... args) {
    var nowhere = new PrintWriter(Writer.nullWriter());
    var in = new ByteArrayInputStream(DOCUMENT.getBytes(StandardCharsets.UTF_8));
    int exitCode =
        Main.run(
            List.of(args), new Console(nowhere, nowhere, in, Map.of(), Path.of(""), false, false));
    if (exitCode != ExitCode.DONE) {
      throw new IllegalStateException(String.join(" ", args) + " ended with " + exitCode);
    }
  }
}
