package dev.retune.e2e.node;

import static org.awaitility.Awaitility.await;

import dev.retune.e2e.machine.Machine;
import dev.retune.kube.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The container of the installer DaemonSet on a machine, as a runtime starts it with {@code
 * hostPID: true} and {@code privileged: true}: the image's layers, a mount namespace and a /proc of
 * its own; process, network and all other namespaces are the host's. systemd stands in for the
 * runtime.
 */
final class InstallerPod {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Machine machine;
  private final String root;
  private final List<String> environment;
  private final List<String> entrypoint;
  private int started;

  private InstallerPod(
      Machine machine, String root, List<String> environment, List<String> entrypoint) {
    this.machine = machine;
    this.root = root;
    this.environment = environment;
    this.entrypoint = entrypoint;
  }

  /** The image that the module {@code image} has built; empty when it was not asked to. */
  static Optional<Path> image() throws IOException {
    Path target = Path.of(System.getProperty("retune.root"), "image/target");
    if (!Files.isDirectory(target)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(file -> file.getFileName().toString().matches("retune-installer-.*\\.tar"))
          .findFirst();
    }
  }

  /** Unpacks the image on the machine. */
  static InstallerPod of(Path image, Machine machine) throws IOException {
    String home = "/var/lib/pod";
    Files.createDirectories(machine.inside(home));
    Files.copy(image, machine.inside(home + "/image.tar"));
    machine.must("tar", "-xf", home + "/image.tar", "-C", home);
    Map<?, ?> manifest = map(((List<?>) json(machine, home + "/manifest.json")).get(0));
    String root = home + "/root";
    Files.createDirectories(machine.inside(root + "/proc"));
    Files.createDirectories(machine.inside(root + "/dev"));
    for (Object layer : list(manifest, "Layers")) {
      machine.must("tar", "-xzf", home + "/" + layer, "-C", root);
    }
    machine.write(
        home + "/start",
        """
        #!/var/lib/pod/root/bin/busybox sh
        [ -n "${INSIDE-}" ] || INSIDE=1 exec unshare -m "$0" "$@"
        mount -t proc proc /var/lib/pod/root/proc
        mount -o bind /dev /var/lib/pod/root/dev
        rm -f /var/lib/pod/root/ready # a container starts with the files of its image
        exec chroot /var/lib/pod/root "$@"
        """,
        "rwxr-xr-x");
    Map<?, ?> config = map(map(json(machine, home + "/" + manifest.get("Config"))).get("config"));
    return new InstallerPod(
        machine, root, strings(list(config, "Env")), strings(list(config, "Entrypoint")));
  }

  /** Starts the container; the name of the unit that it runs as. */
  String start(String nodeName, List<String> arguments) {
    String unit = "pod-" + ++started;
    var command =
        new ArrayList<>(
            List.of("systemd-run", "--quiet", "--unit=" + unit, "--property=SendSIGHUP=no"));
    environment.forEach(variable -> command.add("--setenv=" + variable));
    command.add("--setenv=NODE_NAME=" + nodeName);
    command.add("/var/lib/pod/start");
    command.addAll(entrypoint);
    command.addAll(arguments);
    machine.must(command.toArray(String[]::new));
    return unit;
  }

  /** Starts the container and waits until it is ready; what it has logged. */
  String ready(String nodeName, List<String> arguments) {
    String unit = start(nodeName, arguments);
    await("installer is ready: " + unit)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .failFast(() -> {
          if (machine.property(unit, "ActiveState").equals("failed")) {
            throw new AssertionError(machine.journal(unit));
          }
        })
        .until(() -> machine.exists(root + "/ready"));
    return machine.journal(unit);
  }

  /** Starts a container that must not become ready; what it has logged when it has ended. */
  String fails(String nodeName, List<String> arguments) {
    String unit = start(nodeName, arguments);
    await("installer gives up: " + unit)
        .atMost(LIMIT)
        .until(() -> machine.property(unit, "ActiveState").equals("failed"));
    return machine.journal(unit);
  }

  /** Ends the last container as a kubelet does; how long that took. */
  Duration stop() {
    long start = System.nanoTime();
    machine.must("systemctl", "stop", "pod-" + started);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** The image of another build: one file of the archive differs. */
  void rebuild() {
    machine.must(
        "sh",
        "-ec",
        """
        cd "$0" && mkdir work && tar -xzf retune.tar.gz -C work
        for file in work/*/README.md; do echo 'another build' >>"$file"; done
        tar -czf retune.tar.gz -C work . && rm -r work
        """,
        root);
  }

  boolean isReady() {
    return machine.exists(root + "/ready");
  }

  private static Object json(Machine machine, String file) {
    return Objects.requireNonNull(Yaml.parseAll(machine.read(file)).get(0));
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return (Map<?, ?>) Objects.requireNonNull(value);
  }

  private static List<?> list(Map<?, ?> map, String key) {
    return (List<?>) Objects.requireNonNull(map.get(key));
  }

  private static List<String> strings(List<?> values) {
    return values.stream().map(Object::toString).toList();
  }
}
