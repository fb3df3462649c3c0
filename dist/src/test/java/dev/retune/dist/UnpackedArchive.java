package dev.retune.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The archive of this build, unpacked by tar as on a node. */
record UnpackedArchive(Path home) {
  /** What a command did. */
  record Result(int exitCode, String output) {}

  /** Where the build put the archive. */
  static Path file() {
    String architecture = System.getProperty("os.arch", "").equals("aarch64") ? "arm64" : "amd64";
    return Path.of("target")
        .resolve("retune-" + version() + "-linux-" + architecture + ".tar.gz")
        .toAbsolutePath();
  }

  static String version() {
    return Objects.requireNonNull(System.getProperty("retune.version"), "retune.version");
  }

  static UnpackedArchive in(Path directory) throws IOException, InterruptedException {
    var tar = run(Map.of(), "tar", "-xzf", file().toString(), "-C", directory.toString());
    if (tar.exitCode() != 0) {
      throw new IOException("tar: " + tar.output());
    }
    return new UnpackedArchive(directory.resolve("retune-" + version()));
  }

  Path executable() {
    return home.resolve("bin/retune");
  }

  /** Runs its bin/retune. */
  Result retune(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(executable().toString()));
    command.addAll(List.of(arguments));
    return run(environment, command.toArray(String[]::new));
  }

  static Result run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("retune-dist-", ".out");
    try {
      var builder = new ProcessBuilder(command);
      // The archive has to do with its own Java.
      builder.environment().remove("JAVA_HOME");
      builder.environment().putAll(environment);
      int exitCode =
          builder.redirectErrorStream(true).redirectOutput(output.toFile()).start().waitFor();
      return new Result(exitCode, Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }
}
