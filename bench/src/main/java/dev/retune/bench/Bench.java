package dev.retune.bench;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the benchmark and prints what matters of it in a few lines. */
public final class Bench {
  /** Documents per second and core that judging JSON is to reach on any machine of today. */
  private static final double BAR = 20_000;

  private static final List<String> STEPS = List.of("judge", "tree", "parse");

  private Bench() {}

  /**
   * Runs it.
   *
   * @param args the file for JMH's own results, and {@code --quick} for a first impression
   */
  public static void main(String[] args) throws RunnerException {
    boolean quick = List.of(args).contains("--quick");
    var options =
        new OptionsBuilder()
            .include(ConfigBenchmark.class.getName())
            .threads(1)
            .forks(quick ? 1 : 2)
            .warmupIterations(quick ? 3 : 5)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(quick ? 3 : 5)
            .measurementTime(TimeValue.seconds(quick ? 1 : 2))
            // A collector without threads of its own, so that one thread is one core.
            .jvmArgs(
                "-XX:+UseSerialGC", "-Xms256m", "-Xmx256m", "--sun-misc-unsafe-memory-access=allow")
            .addProfiler(GCProfiler.class)
            .addProfiler(CpuTime.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .result(args[0])
            .resultFormat(ResultFormatType.JSON)
            .build();
    print(new Runner(options).run());
  }

  private static void print(Collection<RunResult> results) {
    Map<String, RunResult> byName =
        results.stream().collect(Collectors.toMap(Bench::name, result -> result));
    System.out.println("             documents/s     (least)  bytes allocated  x parse");
    for (var config : LiveConfig.values()) {
      double parse = rate(byName, config, "parse").getScore();
      for (var step : STEPS) {
        var rate = rate(byName, config, step);
        System.out.printf(
            Locale.ROOT,
            "%-5s %-6s %,11.0f %,11.0f %,16.0f %8.1f%n",
            config,
            step,
            rate.getScore(),
            rate.getStatistics().getMin(),
            result(byName, config, step, "gc.alloc.rate.norm").getScore(),
            parse / rate.getScore());
      }
    }
    double judged = rate(byName, LiveConfig.JSON, "judge").getScore();
    System.out.printf(
        Locale.ROOT,
        "%nThe bar is %,.0f documents judged per second and core on JSON: %s by a factor of %.1f.%n",
        BAR,
        judged >= BAR ? "met" : "missed",
        Math.max(judged / BAR, BAR / judged));
  }

  private static String name(RunResult result) {
    var params = result.getParams();
    var benchmark = params.getBenchmark();
    return params.getParam("config") + benchmark.substring(benchmark.lastIndexOf('.'));
  }

  private static Result<?> rate(Map<String, RunResult> byName, LiveConfig config, String step) {
    return result(byName, config, step, CpuTime.RATE);
  }

  private static Result<?> result(
      Map<String, RunResult> byName, LiveConfig config, String step, String label) {
    var run = byName.get(config + "." + step);
    var result = run == null ? null : run.getSecondaryResults().get(label);
    if (result == null) {
      throw new IllegalStateException("JMH has no " + label + " of " + config + "." + step);
    }
    return result;
  }
}
