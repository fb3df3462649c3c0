package dev.retune.cli;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Walks through what people wait for, so that the JVM can write down the classes it loaded and
 * linked on the way ({@code -XX:AOTCacheOutput}, JEP 514) and the next start finds them ready.
 *
 * <p>A start links all that was written down, needed or not: every thousand classes cost each
 * command about 10 ms. So the sandbox that the commands talk to runs in a process of its own.
 */
final class Training {
  private static final String YAML =
      """
      apiVersion: kubelet.config.k8s.io/v1beta1
      kind: KubeletConfiguration
      maxPods: 110
      evictionHard: {memory.available: 100Mi}
      """;
  private static final String JSON =
      """
      {"apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration"}
      """;
  private static final String LINE =
      """
      {"id": 1, "config": "{}"}
      """;

  private Training() {}

  /**
   * Runs the walk; fails when a command of it does.
   *
   * @param args the kubeconfig of a sandbox; without it one is started
   */
  public static void main(String[] args) throws IOException {
    Console.system();
    run(Map.of(), YAML, "--help");
    run(Map.of(), YAML, "push", "--help");
    run(Map.of(), YAML, "validate", "-f", "-");
    run(Map.of(), JSON, "validate", "-");
    run(Map.of(), YAML, "validate", "-", "-o", "json");
    run(Map.of(), LINE, "validate", "--batch");
    run(Map.of(), "", "explain", "maxPods");
    run(Map.of(), "", "defaults", "--diff", "1.30");
    run(Map.of(), YAML, "upgrade-check", "-", "--from", "1.30", "--to", "1.36");
    diff();
    if (args.length > 0) {
      withCluster(args[0]);
      return;
    }
    var sandbox = sandbox();
    try (var lines = sandbox.inputReader()) {
      withCluster(kubeconfig(lines));
    } finally {
      sandbox.destroy();
    }
  }

  private static void withCluster(String kubeconfig) {
    var env = Map.of("KUBECONFIG", kubeconfig);
    run(env, YAML, "push", "my-node-config", "--from-file", "kubelet=-");
    run(env, YAML, "push", "my-node-config", "--from-file", "kubelet=-", "-o", "yaml");
    run(env, YAML, "status", "-o", "wide");
  }

  private static void diff() throws IOException {
    var file = Files.createTempFile("retune-", ".yaml");
    try {
      Files.writeString(file, JSON);
      run(Map.of(), JSON, "diff", file.toString(), "-");
      run(Map.of(), JSON, "diff", file.toString(), "-", "-o", "unified");
    } finally {
      Files.delete(file);
    }
  }

  private static Process sandbox() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "dev.retune.cli.Main",
            "sandbox")
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String kubeconfig(BufferedReader lines) throws IOException {
    var export = "export KUBECONFIG=";
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(export)) {
        return line.substring(export.length());
      }
    }
    throw new IOException("the sandbox ended before it was ready");
  }

  private static void run(Map<String, String> env, String input, String... args) {
    var nowhere = new PrintWriter(Writer.nullWriter());
    var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    int exitCode =
        Main.run(List.of(args), new Console(nowhere, nowhere, in, env, Path.of(""), false, false));
    if (exitCode != ExitCode.DONE) {
      throw new IllegalStateException(String.join(" ", args) + " ended with " + exitCode);
    }
  }
}
