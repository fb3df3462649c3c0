package dev.retune.sandbox.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Writes the executable that is the simulated kubelet on a machine: a bash script, with the Java
 * options in a file of their own beside it. In the process list the kubelet's own flags then stand
 * as a real one's do: {@code /usr/bin/kubelet @/usr/bin/kubelet.java --config=…}.
 */
public final class KubeletLauncher {

  /**
   * Measured for a quick start and a small process: C1 only, serial GC, the JDK's own class
   * archive.
   */
  private static final List<String> JAVA_OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "-Xshare:auto",
          "-Xms16m",
          "-Xmx96m",
          "-Xss512k");

  private KubeletLauncher() {}

  /**
   * Writes the launcher for the place where it is.
   *
   * @param target the executable; a second file, {@code target.java}, is written beside it
   * @param javaHome a JDK or runtime 25 or later
   * @param classPath jars and class directories with the sandbox module and what it needs
   */
  public static void write(Path target, Path javaHome, List<Path> classPath) throws IOException {
    write(
        target,
        target.toAbsolutePath().toString(),
        javaHome.toString(),
        classPath.stream().map(Path::toString).toList());
  }

  /**
   * Writes the launcher for a file system whose paths are others when it runs, such as a machine's
   * disk.
   *
   * @param target where to write it now
   * @param runsAt its absolute path when it runs
   */
  public static void write(Path target, String runsAt, String javaHome, List<String> classPath)
      throws IOException {
    Files.createDirectories(target.toAbsolutePath().getParent());
    Path options = target.resolveSibling(target.getFileName() + ".java");
    StringBuilder text = new StringBuilder();
    JAVA_OPTIONS.forEach(option -> text.append(option).append('\n'));
    text.append("-cp\n\"").append(String.join(":", classPath)).append("\"\n");
    text.append(SimulatedKubelet.class.getName()).append('\n');
    Files.writeString(options, text);
    String script =
        """
        #!/bin/bash
        exec -a "$0" '%s/bin/java' '@%s.java' "$@"
        """
            .formatted(javaHome, runsAt);
    Files.writeString(target, script);
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
