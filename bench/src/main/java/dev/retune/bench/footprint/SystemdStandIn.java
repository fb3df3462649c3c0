package dev.retune.bench.footprint;

import dev.retune.sandbox.node.Supervisor;
import dev.retune.sandbox.node.UnitState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A directory with a {@code systemctl} and a {@code journalctl} for one unit that a {@link
 * Supervisor} runs: what the agent needs of systemd where there is none. To be put first in PATH.
 */
final class SystemdStandIn implements AutoCloseable {
  private final Path directory;
  private final Supervisor kubelet;
  private final Thread thread;
  private volatile boolean closed;

  private SystemdStandIn(Path directory, Supervisor kubelet) {
    this.directory = directory;
    this.kubelet = kubelet;
    this.thread = Thread.ofPlatform().daemon().name("systemd").unstarted(this::serve);
  }

  /** Writes the commands and starts to answer them. */
  static SystemdStandIn start(Path directory, Supervisor kubelet) throws IOException {
    Files.createDirectories(directory.resolve("bin"));
    var standIn = new SystemdStandIn(directory, kubelet);
    // The questions and answers go through two pipes in the file system, one question at a time.
    standIn.write(
        "systemctl",
        """
        #!/bin/sh
        # The dead man's switch has nothing to undo here: its timer never runs out.
        case $* in *retune-way-back*) exit 0 ;; esac
        exec 9>"%1$s/lock"
        flock 9
        case $1 in
          show) echo show >"%1$s/questions" ;;
          restart) echo restart >"%1$s/questions" ;;
          *) exit 0 ;;
        esac
        exec cat "%1$s/answers"
        """
            .formatted(directory));
    standIn.write("journalctl", "#!/bin/sh\nexec tail -n 20 \"" + directory + "/log\"\n");
    Files.writeString(directory.resolve("log"), "");
    pipe(directory.resolve("questions"));
    pipe(directory.resolve("answers"));
    standIn.thread.start();
    return standIn;
  }

  /** Where the commands are. */
  Path commands() {
    return directory.resolve("bin");
  }

  private void write(String command, String text) throws IOException {
    Path file = commands().resolve(command);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void pipe(Path file) throws IOException {
    try {
      if (new ProcessBuilder("mkfifo", file.toString()).start().waitFor() != 0) {
        throw new IOException("cannot make the pipe " + file);
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve() {
    try {
      while (!closed) {
        String question = Files.readString(directory.resolve("questions")).strip();
        if (closed) {
          return;
        }
        if (question.equals("restart")) {
          kubelet.restart();
        }
        writeLog();
        Files.writeString(directory.resolve("answers"), question.equals("show") ? state() : "");
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private void writeLog() throws IOException {
    Path next = directory.resolve("log.new");
    Files.write(next, kubelet.lastLines(20), StandardCharsets.UTF_8);
    Files.move(next, directory.resolve("log"), StandardCopyOption.ATOMIC_MOVE);
  }

  private String state() {
    UnitState unit = kubelet.state();
    return """
    LoadState=loaded
    ActiveState=%s
    SubState=%s
    Result=%s
    ExecMainStatus=%d
    NRestarts=%d
    MainPID=%d
    InvocationID=%s
    """
        .formatted(
            unit.activeState(),
            unit.subState(),
            unit.result(),
            unit.execMainStatus(),
            unit.restarts(),
            unit.mainPid().orElse(0),
            unit.invocationId());
  }

  @Override
  public void close() throws IOException {
    closed = true;
    // The thread waits for a question.
    Files.writeString(directory.resolve("questions"), "end\n");
  }
}
