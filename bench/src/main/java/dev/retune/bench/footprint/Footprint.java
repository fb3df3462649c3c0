package dev.retune.bench.footprint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Lives through 200 changes with the agent that is shipped, and prints what it takes of the node
 * beside what a JVM takes that only sleeps, with the same runtime and the same flags.
 */
public final class Footprint {
  private static final Duration TRIAL = Duration.ofSeconds(1);

  /** Until what a change leaves behind is gone: kept connections, idle threads, garbage. */
  private static final Duration SETTLED = Duration.ofSeconds(45);

  private Footprint() {}

  /**
   * Measures.
   *
   * @param args the executable of the archive, the number of changes, the least time from one to
   *     the next in milliseconds, the seconds of rest at the end
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path retune = Path.of(args[0]).toAbsolutePath();
    int count = Integer.parseInt(args[1]);
    long apart = Long.parseLong(args[2]);
    Duration rest = Duration.ofSeconds(Long.parseLong(args[3]));
    Path directory = Files.createTempDirectory("retune-footprint-");
    try (var node = Node.start(directory);
        var agent = node.installAgent(retune)) {
      var samples = live(node, agent, count, apart);
      rest(agent, rest, samples);
      var jvm = agent.jvm();
      print(agent, samples);
      agent.end(); // or the two would share the runtime's pages
      try (var minimal = new Minimal(jvm, directory)) {
        minimal.rest(rest);
        row("minimal JVM", minimal.usage());
        printWakeUps("minimal JVM", minimal.wakeUps());
      }
    } finally {
      TemporaryFiles.delete(directory);
    }
  }

  /** What was seen of the agent. */
  private static final class Samples {
    private final Map<String, ProcessUsage> moments = new LinkedHashMap<>();
    private long most;
    private Map<String, Double> wakeUps = Map.of();

    void add(String moment, ProcessUsage usage) {
      moments.put(moment, usage);
      most = Math.max(most, usage.pss());
    }
  }

  private static Samples live(Node node, ShippedAgent agent, int count, long apart)
      throws IOException, InterruptedException {
    var samples = new Samples();
    try (var changes = Changes.on(node.cluster(), TRIAL)) {
      samples.add("started", ProcessUsage.of(agent.pid()));
      for (int i = 1; i <= count; i++) {
        long start = System.nanoTime();
        changes.next();
        samples.most = Math.max(samples.most, ProcessUsage.of(agent.pid()).pss());
        if (i % Math.max(1, count / 4) == 0) {
          samples.add(i + " changes", ProcessUsage.of(agent.pid()));
          System.err.println("footprint: " + i + " changes");
        }
        TimeUnit.NANOSECONDS.sleep(
            TimeUnit.MILLISECONDS.toNanos(apart) - System.nanoTime() + start);
      }
      if (count % 10 == 0 && count > 0) {
        changes.await("Good", "Drifted");
      }
    }
    return samples;
  }

  private static void rest(ShippedAgent agent, Duration rest, Samples samples)
      throws IOException, InterruptedException {
    TimeUnit.SECONDS.sleep(SETTLED.toSeconds());
    samples.wakeUps = wakeUps(agent.pid(), rest);
    samples.add("after a rest", ProcessUsage.of(agent.pid()));
  }

  /** Wake-ups in ten seconds, by thread. */
  private static Map<String, Double> wakeUps(long pid, Duration rest)
      throws IOException, InterruptedException {
    var before = ProcessUsage.wakeUps(pid);
    TimeUnit.SECONDS.sleep(rest.toSeconds());
    var tenths = new LinkedHashMap<String, Double>();
    for (var thread : ProcessUsage.wakeUps(pid).entrySet()) {
      long count = thread.getValue() - before.getOrDefault(thread.getKey(), 0L);
      if (count > 0) {
        tenths.put(thread.getKey(), 10.0 * count / rest.toSeconds());
      }
    }
    return tenths;
  }

  private static void print(ShippedAgent agent, Samples samples) throws IOException {
    System.out.printf("flags: %s%n%n", String.join(" ", agent.jvm()));
    System.out.printf(
        "%-16s %7s %7s %7s %7s %8s %8s%n", "MiB", "PSS", "RSS", "anon", "file", "threads", "CPU s");
    samples.moments.forEach(Footprint::row);
    System.out.printf("%nmost PSS seen: %.1f MiB%n", mebi(samples.most));
    System.out.printf(
        "start to watching: %d ms, of processor time %d ms%n",
        agent.toWatch().toMillis(), agent.cpuToWatch().toMillis());
    printWakeUps("agent", samples.wakeUps);
    heap(agent.pid());
  }

  private static void row(String name, ProcessUsage usage) {
    System.out.printf(
        "%-16s %7.1f %7.1f %7.1f %7.1f %8d %8.2f%n",
        name,
        mebi(usage.pss()),
        mebi(usage.rss()),
        mebi(usage.anonymous()),
        mebi(usage.file()),
        usage.threads(),
        usage.cpu().toMillis() / 1000.0);
  }

  private static void printWakeUps(String name, Map<String, Double> tenths) {
    double all = tenths.values().stream().mapToDouble(Double::doubleValue).sum();
    System.out.printf("wake-ups of the %s in 10 s of rest: %.1f%n", name, all);
    tenths.forEach((thread, often) -> System.out.printf("  %6.1f  %s%n", often, thread));
  }

  private static double mebi(long kibi) {
    return kibi / 1024.0;
  }

  /** By the jcmd of the JDK that runs this; at the end, as it costs the agent a thread. */
  private static void heap(long pid) throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    if (Files.isExecutable(jcmd)) {
      var process =
          new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.heap_info")
              .redirectErrorStream(true)
              .start();
      process.inputReader().lines().skip(1).forEach(System.out::println);
    }
  }

  /** A JVM that only sleeps, with a cache of classes of its own like the agent's. */
  private static final class Minimal implements AutoCloseable {
    private final Process process;
    private Map<String, Double> wakeUps = Map.of();

    Minimal(List<String> jvm, Path directory) throws IOException, InterruptedException {
      Path cache = directory.resolve("minimal.aot");
      start(jvm, "-XX:AOTCacheOutput=" + cache, directory, "train").waitFor();
      process = start(jvm, "-XX:AOTCache=" + cache, directory);
    }

    private static Process start(List<String> jvm, String cache, Path directory, String... args)
        throws IOException {
      Path classes = Files.createDirectories(directory.resolve("minimal"));
      Path target = classes.resolve(MinimalJvm.class.getName().replace('.', '/') + ".class");
      if (!Files.exists(target)) {
        Files.createDirectories(target.getParent());
        try (var in = MinimalJvm.class.getResourceAsStream("MinimalJvm.class")) {
          Files.copy(java.util.Objects.requireNonNull(in), target);
        }
        pack(classes, directory.resolve("minimal.jar"));
      }
      var command = new ArrayList<>(jvm);
      command.addAll(
          List.of(
              cache,
              "-cp",
              directory.resolve("minimal.jar").toString(),
              MinimalJvm.class.getName()));
      command.addAll(List.of(args));
      var builder = new ProcessBuilder(command);
      builder.environment().put("MALLOC_ARENA_MAX", "1");
      return builder
          .redirectErrorStream(true)
          .redirectOutput(directory.resolve("minimal.log").toFile())
          .start();
    }

    private static void pack(Path classes, Path jar) throws IOException {
      try (var out = new java.util.jar.JarOutputStream(Files.newOutputStream(jar));
          Stream<Path> files = Files.walk(classes)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          out.putNextEntry(new java.util.zip.ZipEntry(classes.relativize(file).toString()));
          Files.copy(file, out);
          out.closeEntry();
        }
      }
    }

    void rest(Duration rest) throws IOException, InterruptedException {
      TimeUnit.SECONDS.sleep(2);
      wakeUps = Footprint.wakeUps(process.pid(), rest);
    }

    ProcessUsage usage() throws IOException {
      return ProcessUsage.of(process.pid());
    }

    Map<String, Double> wakeUps() {
      return wakeUps;
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
