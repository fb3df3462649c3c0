package dev.retune.sandbox.node;

import com.fasterxml.jackson.core.JsonFactory;
import dev.retune.kube.Json;
import dev.retune.kubelet.KubeletConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.snakeyaml.engine.v2.api.Load;

/**
 * The simulated kubelet as a program on disk: the few jars it needs, and an archive of its loaded
 * and linked classes that halves the CPU time of a start (JEP 483, 514). Kept under a name made
 * from the content, so that it is built once.
 */
public final class KubeletProgram {

  private static final List<Class<?>> PARTS =
      List.of(
          SimulatedKubelet.class, Json.class, KubeletConfig.class, JsonFactory.class, Load.class);
  private static final String READY = "ready";
  private static final String ARCHIVE = "kubelet.aot";

  private final Path directory;
  private final Path javaHome;

  private KubeletProgram(Path directory, Path javaHome) {
    this.directory = directory;
    this.javaHome = javaHome;
  }

  /**
   * Builds the program from the classes this process runs, or finds it built; needs 2 s of CPU time
   * when it is new.
   *
   * @param cache where programs are kept, each in a directory of its own
   * @throws IOException when it cannot be written
   */
  public static KubeletProgram in(Path cache) throws IOException {
    Path javaHome = Path.of(System.getProperty("java.home"));
    List<Path> entries = classPath();
    KubeletProgram program =
        new KubeletProgram(
            cache.toAbsolutePath().resolve("simulated-kubelet-" + key(entries, javaHome)),
            javaHome);
    Files.createDirectories(cache);
    try (FileChannel file =
            FileChannel.open(
                cache.resolve("simulated-kubelet.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        var lock = file.lock()) {
      if (lock.isValid() && !Files.exists(program.directory.resolve(READY))) {
        program.build(entries);
      }
    }
    return program;
  }

  /** Where it is: all that a machine must see to run it, besides the Java runtime. */
  public Path directory() {
    return directory;
  }

  /** Writes an executable that runs it, to be used where it is written. */
  public void writeLauncher(Path target) throws IOException {
    writeLauncher(target, target.toAbsolutePath().toString());
  }

  /**
   * Writes an executable that runs it.
   *
   * @param target where to write it now
   * @param runsAt its absolute path when it runs, such as {@code /usr/bin/kubelet} on a machine's
   *     disk
   */
  public void writeLauncher(Path target, String runsAt) throws IOException {
    Path archive = directory.resolve(ARCHIVE);
    KubeletLauncher.write(
        target,
        runsAt,
        javaHome.toString(),
        jars(),
        Files.exists(archive) ? Optional.of(archive.toString()) : Optional.empty());
  }

  private List<String> jars() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("lib"))) {
      return files.sorted().map(Path::toString).toList();
    }
  }

  private void build(List<Path> entries) throws IOException {
    Path library = Files.createDirectories(directory.resolve("lib"));
    int number = 0;
    for (Path entry : entries) {
      Path jar = library.resolve("part-%d.jar".formatted(number++));
      if (Files.isDirectory(entry)) {
        pack(entry, jar);
      } else {
        Files.copy(entry, jar, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Path training = Files.createTempDirectory("retune-training");
    try {
      KubeletTraining.run(javaHome, jars(), training, directory.resolve(ARCHIVE));
    } finally {
      remove(training);
    }
    Files.writeString(directory.resolve(READY), "");
  }

  private static void remove(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      for (Map.Entry<String, Path> entry : files(classes).entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        Files.copy(entry.getValue(), zip);
        zip.closeEntry();
      }
    }
  }

  private static List<Path> classPath() {
    List<Path> entries = new ArrayList<>();
    for (Class<?> part : PARTS) {
      try {
        entries.add(Path.of(part.getProtectionDomain().getCodeSource().getLocation().toURI()));
      } catch (URISyntaxException e) {
        throw new IllegalStateException(part + " comes from no file", e);
      }
    }
    return entries;
  }

  private static String key(List<Path> entries, Path javaHome) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(Files.readAllBytes(javaHome.resolve("release")));
      digest.update(
          KubeletLauncher.JAVA_OPTIONS
              .toString()
              .getBytes(java.nio.charset.StandardCharsets.UTF_8));
      for (Path entry : entries) {
        Map<String, Path> files = Files.isDirectory(entry) ? files(entry) : Map.of("", entry);
        for (Map.Entry<String, Path> file : files.entrySet()) {
          digest.update(file.getKey().getBytes(java.nio.charset.StandardCharsets.UTF_8));
          digest.update(Files.readAllBytes(file.getValue()));
        }
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The files below a directory by their names in it, in order. */
  private static Map<String, Path> files(Path directory) throws IOException {
    Map<String, Path> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      all.filter(Files::isRegularFile)
          .forEach(file -> files.put(directory.relativize(file).toString(), file));
    }
    return files;
  }
}
