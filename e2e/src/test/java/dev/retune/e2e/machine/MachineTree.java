package dev.retune.e2e.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The root file system all machines start from: Debian 12 with systemd 252, built once by
 * debootstrap (about half a minute, 240 MB) and kept under a name made from its recipe, so that a
 * changed recipe is a new tree and an unchanged one is never built again. {@code RETUNE_E2E_MIRROR}
 * names another Debian mirror than debootstrap's own choice.
 */
final class MachineTree {

  private static final String SUITE = "bookworm";
  private static final List<String> SYSTEM = List.of("systemd", "systemd-sysv", "dbus");

  /** What a real kubelet needs besides: a container runtime and the tools it calls. */
  private static final List<String> FOR_REAL_KUBELET =
      List.of(
          "containerd",
          "iptables",
          "conntrack",
          "ethtool",
          "socat",
          "mount",
          "util-linux",
          "ca-certificates");

  /** Units that would only make noise in a machine that lives for seconds. */
  private static final List<String> MASKED =
      List.of(
          "apt-daily.timer",
          "apt-daily-upgrade.timer",
          "dpkg-db-backup.timer",
          "e2scrub_all.timer",
          "e2scrub_reap.service",
          "fstrim.timer",
          "console-getty.service",
          "getty@tty1.service");

  private static final Duration BUILD_LIMIT = Duration.ofMinutes(10);
  private static final int ATTEMPTS = 3;

  private MachineTree() {}

  /**
   * Returns the tree, built first when it is not there; other builders of the same tree wait for
   * it.
   */
  static Path ready(boolean realKubelet) {
    List<String> packages = new ArrayList<>(SYSTEM);
    if (realKubelet) {
      packages.addAll(FOR_REAL_KUBELET);
    }
    Path home = MachineHost.cache().resolve("machine-" + key(packages));
    Path tree = home.resolve("tree");
    if (Files.isDirectory(tree)) {
      return tree;
    }
    try {
      Files.createDirectories(home);
      try (FileChannel file =
              FileChannel.open(
                  home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var lock = file.lock()) {
        if (lock.isValid() && !Files.isDirectory(tree)) {
          build(packages, home, tree);
        }
      }
      return tree;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void build(List<String> packages, Path home, Path tree) throws IOException {
    Path draft = home.resolve("draft");
    List<String> command =
        new ArrayList<>(
            List.of(
                "debootstrap",
                "--variant=minbase",
                "--include=" + String.join(",", packages),
                SUITE,
                draft.toString()));
    String mirror = System.getenv("RETUNE_E2E_MIRROR");
    if (mirror != null && !mirror.isBlank()) {
      command.add(mirror);
    }
    for (int attempt = 1; ; attempt++) {
      DiskFiles.deleteTree(draft);
      Command.Outcome outcome = Command.run(BUILD_LIMIT, command);
      if (outcome.exitCode() == 0) {
        break;
      }
      if (attempt == ATTEMPTS) {
        outcome.orThrow();
      }
    }
    for (String unit : MASKED) {
      Files.createSymbolicLink(
          draft.resolve("etc/systemd/system").resolve(unit), Path.of("/dev/null"));
    }
    Files.createDirectories(draft.resolve("var/log/journal"));
    DiskFiles.deleteTree(draft.resolve("var/cache/apt"));
    DiskFiles.deleteTree(draft.resolve("var/lib/apt/lists"));
    Files.move(draft, tree, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String key(List<String> packages) {
    String recipe = SUITE + "\n" + packages + "\n" + MASKED + "\n" + "persistent journal\n";
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(recipe.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
