package dev.retune.sandbox.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes the executable that is the simulated kubelet on a machine: a bash script, with the Java
 * options in a file of their own beside it. In the process list the kubelet's own flags then stand
 * as a real one's do: {@code /usr/bin/kubelet @/usr/bin/kubelet.java --config=…}.
 */
public final class KubeletLauncher {

  /**
   * For a quick start and a small process: C1 only, serial GC. Warnings of the runtime must not
   * look like the kubelet's words.
   */
  static final List<String> JAVA_OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "-Xms16m",
          "-Xmx96m",
          "-Xss512k",
          "-Xlog:disable",
          "-Xlog:all=error:stderr");

  private KubeletLauncher() {}

  /**
   * Writes the launcher for the place where it is. {@link KubeletProgram} starts faster.
   *
   * @param target the executable; a second file, {@code target.java}, is written beside it
   * @param javaHome a Java runtime 25 or later
   * @param classPath jars and class directories with the sandbox module and what it needs
   */
  public static void write(Path target, Path javaHome, List<Path> classPath) throws IOException {
    write(
        target,
        target.toAbsolutePath().toString(),
        javaHome.toString(),
        classPath.stream().map(Path::toString).toList(),
        Optional.empty());
  }

  /**
   * Writes the launcher for a place whose path may be another when it runs, such as a machine's
   * disk.
   *
   * @param runsAt its absolute path when it runs
   * @param archive of classes, made for these options and this class path
   */
  static void write(
      Path target, String runsAt, String javaHome, List<String> classPath, Optional<String> archive)
      throws IOException {
    Files.createDirectories(Objects.requireNonNull(target.toAbsolutePath().getParent()));
    StringBuilder options = new StringBuilder();
    JAVA_OPTIONS.forEach(option -> options.append(option).append('\n'));
    archive.ifPresent(file -> options.append("-XX:AOTCache=").append(file).append('\n'));
    options.append("-cp\n\"").append(String.join(":", classPath)).append("\"\n");
    options.append(SimulatedKubelet.class.getName()).append('\n');
    Files.writeString(target.resolveSibling(target.getFileName() + ".java"), options);
    Files.writeString(
        target,
        """
        #!/bin/bash
        exec -a "$0" '%s/bin/java' '@%s.java' "$@"
        """
            .formatted(javaHome, runsAt));
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
